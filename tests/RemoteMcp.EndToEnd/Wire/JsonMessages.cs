using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.EndToEnd.Wire;

/// <summary>Creates the JSON-RPC messages of a client of one revision, without an SDK.</summary>
internal static class JsonMessages
{
    public static JsonObject Request(int id, string method, JsonObject? parameters = null) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] };

    public static JsonObject Notification(string method, JsonObject? parameters = null) =>
        new() { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = parameters ?? [] };

    public static JsonObject Initialize(int id, string revision) => Request(id, "initialize", new JsonObject
    {
        ["protocolVersion"] = revision,
        ["capabilities"] = new JsonObject(),
        ["clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1.0.0" },
    });

    /// <summary>Adds the metadata that each request has from 2026-07-28 on, because no initialize request precedes it.</summary>
    public static JsonObject SelfContained(this JsonObject request)
    {
        request["params"]!["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = Messages.Stateless,
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "wire", ["version"] = "1.0.0" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        return request;
    }

    public static JsonObject ListDirectory(int id) => Request(id, "tools/call", new JsonObject
    {
        ["name"] = "list_directory",
        ["arguments"] = new JsonObject { ["path"] = "notes" },
    });

    public static bool IsAnswerTo(this JsonElement message, int id) =>
        message.TryGetProperty("id", out var answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id
        && !message.TryGetProperty("method", out _);

    public static IEnumerable<string?> ToolNames(this JsonElement answer) =>
        answer.GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString());

    public static string? Text(this JsonElement answer) =>
        answer.GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString();
}
