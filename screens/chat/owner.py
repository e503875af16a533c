"""Whose conversations: the name in the request, or the one user of a program without accounts."""

from __future__ import annotations

import gradio as gr

LOCAL = "local"


def owner_of(request: gr.Request) -> str:
    """The name under which the request's conversations are kept."""
    return request.username or LOCAL
