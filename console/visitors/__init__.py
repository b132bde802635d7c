"""The pages of those who come by a link: applicants, agencies, chairs and appeal bodies."""
