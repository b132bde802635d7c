"""The pages of agencies, chairs and appeal bodies: what they are asked, their papers, and the acts that are theirs."""
