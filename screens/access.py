"""Who stands behind a screen's event. What the tabs show or hide by role they ask here; the doors check it again where it is done."""

from __future__ import annotations

import gradio as gr
from gradio.context import LocalContext
from starlette.requests import Request

from doors.gate import CALLER
from doors.roles import Action, Caller, Role, may
from rag.privacy import mask_answer
from rag.records import Answer

NOBODY = Caller("unknown", Role.READER, "screen")


def caller_of(request: gr.Request | None) -> Caller:
    """Whoever sent an event, as the gate knows him; without a known request, somebody who may only read and ask."""
    inner = request.request if request is not None else None
    return caller_of_request(inner) if isinstance(inner, Request) else NOBODY


def caller_of_request(request: Request) -> Caller:
    """The same for an address of ours that is no event."""
    caller = request.scope.get(CALLER)
    return caller if isinstance(caller, Caller) else NOBODY


def caller_of_event() -> Caller:
    """The same for the event that this thread works on."""
    return caller_of(LocalContext.request.get(None))


def show_to(caller: Caller, answer: Answer) -> Answer:
    """An answer that was kept, as whoever it belongs to may see it now: his role may be another than when he asked."""
    return answer if may(caller, Action.SEE_PERSONAL) else mask_answer(answer)


def event_may(action: Action) -> bool:
    """Whether whoever's event this is may do that: `event_may(Action.INGEST)` to show the upload."""
    return may(caller_of_event(), action)
