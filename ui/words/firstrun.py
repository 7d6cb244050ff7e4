"""What the first run says, where no model but the demonstration one is there."""

from __future__ import annotations

ENGLISH = {
    "firstrun.title": "Choose a model to write with",
    "firstrun.what": "Longleaf brings a very small model along, to show how everything works. "
    "It plans, writes and streams, but its prose is not worth reading. For real texts, connect a "
    "server that speaks the OpenAI protocol: one on this machine, or any other.",
    "firstrun.look": "Look for servers on this machine",
    "firstrun.add": "Add a server",
    "firstrun.go_on": "Go on with the demonstration model",
    "firstrun.nobody": "No model server answers on this machine (ports {ports}). Start one, such "
    "as Ollama, LM Studio or llama.cpp, and look again; or add one elsewhere.",
    "firstrun.found": "Servers on this machine",
    "firstrun.a_server": "A model server",
    "firstrun.models": "Models: {n}",
    "firstrun.model": "Model",
    "firstrun.model_only": "may stay empty if there is only one",
    "firstrun.wants_key": "It wants a key.",
    "firstrun.give_key": "Give its key",
    "firstrun.use": "Use this",
    "firstrun.address": "Address",
    "firstrun.key": "Key, if it needs one",
    "firstrun.test": "Test the connection",
    "firstrun.testing": "Asking it a few short questions …",
    "firstrun.findings": "What the test has found",
    "firstrun.done": "Write with this model",
    "firstrun.ready": "Longleaf now writes with {model}.",
}

CHINESE = {
    "firstrun.title": "选择用来写作的模型",
    "firstrun.what": "Longleaf 自带一个很小的模型，用来演示整个流程：它会规划、写作、流式输出，"
    "但文字不值得一读。要写真正的文章，请连接一个支持 OpenAI 协议的服务器，本机或别处的都可以。",
    "firstrun.look": "查找本机的服务器",
    "firstrun.add": "添加服务器",
    "firstrun.go_on": "继续使用演示模型",
    "firstrun.nobody": "本机没有模型服务器响应（端口 {ports}）。请先启动一个，例如 Ollama、"
    "LM Studio 或 llama.cpp，然后重新查找；也可以添加别处的服务器。",
    "firstrun.found": "本机的服务器",
    "firstrun.a_server": "模型服务器",
    "firstrun.models": "模型数：{n}",
    "firstrun.model": "模型",
    "firstrun.model_only": "只有一个模型时可留空",
    "firstrun.wants_key": "需要密钥。",
    "firstrun.give_key": "填写密钥",
    "firstrun.use": "使用它",
    "firstrun.address": "地址",
    "firstrun.key": "密钥（如需要）",
    "firstrun.test": "测试连接",
    "firstrun.testing": "正在问它几个简短的问题……",
    "firstrun.findings": "测试结果",
    "firstrun.done": "用这个模型写作",
    "firstrun.ready": "Longleaf 现在用 {model} 写作。",
}
