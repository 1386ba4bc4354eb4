"""How long one stays signed in: a week without a visit, a month at the most (reliability R60).

Both are real time, the machine's own: pushing the demo's clock signs nobody out.
"""

from datetime import datetime, timedelta

from django.contrib.auth import logout

from velory import clock

AT_MOST = timedelta(days=30)
NOTED_AGAIN = timedelta(hours=1)


class SessionEndMiddleware:
    """Ends a session that is a month old, and notes a visit once an hour, so that the week begins anew."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.company is not None and request.user.is_authenticated:
            self.look_at(request)
        return self.get_response(request)

    def look_at(self, request):
        at = clock.wall()
        began = request.session.get("began_at")
        seen = request.session.get("seen_at")
        if began and datetime.fromisoformat(began) < at - AT_MOST:
            logout(request)
        elif not seen or datetime.fromisoformat(seen) < at - NOTED_AGAIN:
            request.session["began_at"] = began or at.isoformat()
            request.session["seen_at"] = at.isoformat()
