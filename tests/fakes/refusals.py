"""Knows the statuses with which an endpoint refuses a request."""

from __future__ import annotations

from typing import Any

from tests.fakes.victim import Family, Victim
from tests.fakes.wire import Wire

REFUSALS = Family()


@REFUSALS.member
async def rate_limit(wire: Wire, victim: Victim) -> None:
    await wire.error(429, "Rate limit reached, try again in 1s.", "rate_limit_exceeded",
                     "requests", headers={"Retry-After": "1"})  # fmt: skip


@REFUSALS.member
async def quota(wire: Wire, victim: Victim) -> None:
    text = "You exceeded your current quota, please check your plan and billing details."
    await wire.error(429, text, "insufficient_quota", "insufficient_quota")


@REFUSALS.member
async def absurd_wait(wire: Wire, victim: Victim) -> None:
    await wire.error(429, "Rate limit reached, try again in 24h.", "rate_limit_exceeded",
                     "requests", headers={"Retry-After": "86400"})  # fmt: skip


@REFUSALS.member
async def withheld(wire: Wire, victim: Victim) -> None:
    await wire.error(451, "Moderators say: write about geese.", "content_filter", "moderation")


@REFUSALS.member
async def server_error(wire: Wire, victim: Victim) -> None:
    await wire.reply(500, {})


@REFUSALS.member
async def proxy_page(wire: Wire, victim: Victim) -> None:
    page = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
    await wire.reply(502, page, content_type="text/html")


@REFUSALS.member
async def loading(wire: Wire, victim: Victim) -> None:
    await wire.error(503, "Loading model", 503, "unavailable_error")


@REFUSALS.member
async def overflow(wire: Wire, victim: Victim) -> None:
    text = (
        f"This model's maximum context length is {victim.window} tokens. However, your messages "
        f"resulted in {victim.prompt_tokens} tokens. Please reduce the length of the messages."
    )
    code = "context_length_exceeded"
    await wire.error(400, text, code, "invalid_request_error", param="messages")


@REFUSALS.member
async def overflow_vllm(wire: Wire, victim: Victim) -> None:
    text = (
        f"This model's maximum context length is {victim.window} tokens. However, you requested "
        f"{victim.prompt_tokens} tokens in the messages. Please reduce the length of the messages."
    )
    await wire.error(400, text, 400, "BadRequestError")


def _llamacpp_overflow(victim: Victim) -> dict[str, Any]:
    return {
        "code": 400,
        "message": (
            f"request ({victim.prompt_tokens} tokens) exceeds the available context size "
            f"({victim.window} tokens), try increasing it"
        ),
        "type": "exceed_context_size_error",
        "n_prompt_tokens": victim.prompt_tokens,
        "n_ctx": victim.window,
    }


@REFUSALS.member
async def overflow_llamacpp(wire: Wire, victim: Victim) -> None:
    await wire.reply(400, {"error": _llamacpp_overflow(victim)})


@REFUSALS.member
async def error_200(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, {"error": _llamacpp_overflow(victim)})


@REFUSALS.member
async def bad_key(wire: Wire, victim: Victim) -> None:
    text = "Incorrect API key provided. Check the key in your settings."
    await wire.error(401, text, "invalid_api_key", "invalid_request_error")


@REFUSALS.member
async def no_model(wire: Wire, victim: Victim) -> None:
    text = f"The model `{wire.model}` does not exist or you do not have access to it."
    await wire.error(404, text, "model_not_found", "invalid_request_error")


@REFUSALS.member
async def redirect_307(wire: Wire, victim: Victim) -> None:
    await wire.reply(307, b"", {"Location": f"{victim.address}/v1/chat/completions"})


@REFUSALS.member
async def header_flood(wire: Wire, victim: Victim) -> None:
    await wire.reply(200, {}, {f"X-Flood-{n}": "y" * 100 for n in range(2_000)})
