"""The way of AgentWrite's own code, as a loop over the bare client: plan, then write in order.

Nothing is measured, checked or stored. Source: LongWriter (arXiv 2408.07055).
"""

from __future__ import annotations

import openai

_PLAN = (
    "Break down this writing instruction into subtasks, one line per section, each with its main "
    "point and its length.\n\nInstruction: {prompt}\nThe whole: {words}{unit} in {n} sections."
)
_WRITE = (
    "Instruction:\n{prompt}\n\nWriting steps:\n{plan}\n\nAlready written text:\n{text}\n\n"
    "Continue with this step, and output only its paragraph:\n{step}\nLength: about {each}{unit}."
)


async def write(url: str, prompt: str, words: int, each: int = 450, language: str = "en") -> str:
    """A document of about `words`, or Chinese characters, in sections of about `each`."""
    client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    unit = "字" if language == "zh" else " words"
    n = max(1, round(words / each))
    plan = await _ask(client, _PLAN.format(prompt=prompt, words=words, unit=unit, n=n))
    parts: list[str] = []
    for step in [line for line in plan.splitlines() if line.strip()]:
        text = "\n\n".join(parts)
        asked = _WRITE.format(
            prompt=prompt, plan=plan, text=text, step=step, each=words // n, unit=unit
        )
        parts.append(await _ask(client, asked))
    await client.close()
    return "\n\n".join(parts)


async def _ask(client: openai.AsyncOpenAI, text: str) -> str:
    done = await client.chat.completions.create(
        model="fake", messages=[{"role": "user", "content": text}], max_tokens=4096
    )
    return done.choices[0].message.content or ""
