"""What a run asked of its models: the list, one call with what it saw, and the sums."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from services.runs.calls import section_of
from tests.door import door

RUNS = "/api/v1/runs"


async def test_calls_can_be_paged_opened_and_summed(tmp_path: Path) -> None:
    priced = {"endpoint": {"window": 1_300, "price_prompt": 1.0, "price_completion": 2.0}}
    async with door(tmp_path, window=1_300, **priced) as made, made.raw() as http:
        report = await made.place.write(words=700, strategy="agentwrite")
        base = f"{RUNS}/{report.run_id}"

        async def ask(path: str) -> Any:
            answer = await http.get(f"{base}/{path}")
            assert answer.status_code == 200, answer.text
            return answer.json()

        journal = await made.place.journal(report.run_id)
        listed: list[Any] = []
        page = {"next": "", "calls": []}
        while not listed or page["next"]:
            page = await ask(f"calls?limit=2&after={page['next']}")
            listed += page["calls"]
        assert [call["id"] for call in listed] == [call.id for call in journal]
        assert all("messages" not in call for call in listed)
        last = next(call for call in reversed(listed) if call["prompt"] == "writer/section")
        assert last["section"]
        opened = await ask(f"calls/{last['id']}")
        stored = next(call for call in journal if call.id == last["id"])
        assert opened["messages"] == stored.request["messages"]
        assert opened["answer"] == stored.text
        seen = opened["context"]
        assert sum(piece["tokens"] for piece in seen["pieces"]) == seen["tokens"]
        assert seen["dropped"] == stored.context["dropped"] != []
        plan = await ask(f"calls/{listed[0]['id']}")
        assert [piece["name"] for piece in plan["context"]["pieces"]] == ["system", "user"]
        spend = await ask("spend")
        for name in ("calls", "prompt_tokens", "completion_tokens", "cost"):
            whole = spend["total"][name]
            assert whole == sum(role[name] for role in spend["roles"].values()) > 0
        assert spend["total"]["calls"] == report.calls
        assert round(spend["total"]["cost"], 9) == round(sum(call["cost"] for call in listed), 9)
        assert spend["caps"] == {}
        assert (await ask("spend?whole=true"))["total"] == spend["total"]
        assert (await http.get(f"{base}/calls/call_nothing")).status_code == 404
        assert (await http.get(f"{base}/calls?after=call_nothing")).status_code == 404


async def test_caps_say_how_near_they_are(tmp_path: Path) -> None:
    async with door(tmp_path) as made, made.raw() as http:
        body = {
            "prompt": "Write about tides, in about 600 words.",
            "rounds": 0,
            "caps": {"calls": 2},
        }
        run_id = (await http.post(RUNS, json=body)).json()["run_id"]
        job = made.desk.job(run_id)
        assert job is not None
        await job.end()
        spend = (await http.get(f"{RUNS}/{run_id}/spend")).json()
        assert spend["caps"]["calls"]["cap"] == 2
        assert 0 < spend["caps"]["calls"]["used"] <= 1


def test_steps_name_their_section() -> None:
    assert section_of("section/1.2/write/1/repair/1") == "1.2"
    assert section_of("section/12~1/write/2") == "12"
    assert section_of("review/3@17/judge/0") == "3"
    assert section_of("review/document@c6c6edc1dc59/2.1/1/edits") == "2.1"
    assert section_of("final/4@8/1/enrich/1") == "4"
    for step in ("plan/part/3/1", "review/document@c6/judge/0", "x", ""):
        assert section_of(step) == ""
