"""Events: what happened, as it was at that moment, for whoever asks and for the webhook."""

from velory.demo.stripe import VERSION
from velory.demo.stripe.api import Call, call
from velory.demo.stripe.form import each, text, yes_or_no
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.state import PLATFORM, Place, State, shown


def tell(
    state: State, place: Place, kind: str, thing: dict, before: dict | None = None, key: str | None = None
) -> dict:
    """Something happened to a thing; `before` holds what was otherwise."""
    data: dict = {"object": shown(thing)}
    if before is not None:
        data["previous_attributes"] = before
    event = state.add(
        place, "event", "evt", api_version=VERSION, data=data, livemode=place.live, pending_webhooks=1,
        request={"id": None, "idempotency_key": key}, type=kind,
    )  # fmt: skip
    if place.account != PLATFORM:
        state.change(event, account=place.account)
    return state.change(event, _waits=True, _tries=0, _next=state.clock.lived())


@call("GET", "/v1/events/<>")
def retrieve(call: Call, id_):
    """One event."""
    return call.state.find(call.place, "event", id_)


@call("GET", "/v1/events", **PAGING, type=text, types=each(text), delivery_success=yes_or_no)
def list_(call: Call):
    """The events of an account."""
    kinds = call.params.get("types") or ([call.params["type"]] if "type" in call.params else None)
    events = call.state.all(call.place, "event")
    if kinds:
        events = [one for one in events if any(_is(one["type"], kind) for kind in kinds)]
    return page(events, call.params, "/v1/events")


def _is(kind, wanted):
    return kind == wanted or (wanted.endswith(".*") and kind.startswith(wanted[:-1]))
