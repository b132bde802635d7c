"""Browsers by the names their owners know."""

from console.staff.browser_name import called


def test_the_names_of_browsers_are_those_their_owners_know() -> None:
    for agent, name in (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko Firefox/127.0", "Firefox on a Mac"),
        ("curl/8", "Another program"),
    ):
        assert called(agent) == name
