using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteMcp.EndToEnd.Wire;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>A client of 2026-07-28. Every request is independent. The client sends the requested input with its next request.</summary>
internal sealed class StatelessChaosClient(Uri endpoint, ChaosReport report, CancellationToken cancellation) : IChaosClient
{
    private int _id;

    public Task NextAsync() => Random.Shared.Next(4) switch
    {
        0 => CountAsync("prompt", PromptAsync),
        1 => CountAsync("long call", LongAsync),
        _ => LastAsync(),
    };

    public Task LastAsync() => CountAsync("call", EchoAsync);

    private async Task CountAsync(string kind, Func<HttpWire, Task<(Outcome Outcome, string Detail)>> call)
    {
        using var wire = new HttpWire(endpoint);
        wire.Headers["MCP-Protocol-Version"] = Messages.Stateless;
        try
        {
            var (outcome, detail) = await call(wire);
            report.Add(outcome, $"stateless {kind} {detail}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            report.Add(Outcome.Hung, $"stateless {kind}");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            report.Add(Outcome.Disconnected, $"stateless {kind} connection refused or broken");
        }
    }

    private async Task<(Outcome Outcome, string Detail)> EchoAsync(HttpWire wire)
    {
        var ticket = Guid.NewGuid().ToString("N");
        return Judge(await CallAsync(wire, "echo", new() { ["text"] = ticket }), ticket);
    }

    private async Task<(Outcome Outcome, string Detail)> LongAsync(HttpWire wire)
    {
        var ticket = Guid.NewGuid().ToString("N");
        return Judge(
            await CallAsync(wire, "count", new() { ["ticket"] = ticket, ["n"] = 8, ["pauseMs"] = 200 }, ticket: ticket),
            $"counted {ticket}");
    }

    /// <summary>
    /// The first response requests input, and the second request contains it. The client holds the state between the requests.
    /// </summary>
    private async Task<(Outcome Outcome, string Detail)> PromptAsync(HttpWire wire)
    {
        const string Tool = "test_input_required_result_request_state";
        var asked = await CallAsync(wire, Tool, []);
        if (asked.Answer is not { } answer
            || !answer.TryGetProperty("result", out var result)
            || !result.TryGetProperty("requestState", out var state))
        {
            return Judge(asked, "an input request");
        }

        return Judge(await CallAsync(wire, Tool, [], more: parameters =>
        {
            parameters["requestState"] = state.GetString();
            parameters["inputResponses"] = JsonNode.Parse("""{"confirm":{"action":"accept","content":{"ok":true}}}""");
        }), "state-ok: true");
    }

    private async Task<(JsonElement? Answer, (Outcome Outcome, string Detail) Failure)> CallAsync(
        HttpWire wire, string tool, JsonObject arguments, Action<JsonObject>? more = null, string? ticket = null)
    {
        var id = ++_id;
        var request = JsonMessages.Request(id, "tools/call", new() { ["name"] = tool, ["arguments"] = arguments }).SelfContained();
        request["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() };
        request["params"]!["_meta"]!["progressToken"] = ticket;
        more?.Invoke((JsonObject)request["params"]!);
        using var response = await wire.PostAsync(request, ("Mcp-Method", "tools/call"), ("Mcp-Name", tool));
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return (null, await Refusal.JudgeAsync(response, wire.Cancellation));
        }

        try
        {
            return (await wire.ReadAnswerAsync(response, id), default);
        }
        catch (InvalidOperationException)
        {
            return (null, (Outcome.Disconnected, "cut before the answer"));
        }
    }

    private static (Outcome Outcome, string Detail) Judge(
        (JsonElement? Answer, (Outcome Outcome, string Detail) Failure) call, string expected)
    {
        if (call.Answer is not { } answer)
        {
            return call.Failure;
        }

        if (answer.TryGetProperty("error", out var error))
        {
            return (Outcome.FailedClearly, $"error: {error.GetProperty("message")}");
        }

        return string.Equals(answer.Text(), expected, StringComparison.OrdinalIgnoreCase)
            ? (Outcome.Answered, "")
            : (Outcome.WrongOrCrossed, $"answer: {answer}");
    }
}
