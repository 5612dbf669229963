using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

/// <summary>Runs a <see cref="JourneyPlan"/> with the C# client over any transport.</summary>
internal static class CSharpJourneyRunner
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<JourneyOutcome> RunJourneyAsync(McpClient client, JourneyPlan plan) => new(
        client.NegotiatedProtocolVersion ?? "",
        client.ServerInfo?.Name ?? "",
        [.. (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(tool => tool.Name)],
        await CallAsync(client, plan.Call),
        string.Concat((await client.ReadResourceAsync(plan.Resource, cancellationToken: Cancellation)).Contents
            .OfType<TextResourceContents>().Select(content => content.Text)),
        await CallAsync(client, plan.ToolError),
        await CallUnknownAsync(client),
        await FollowProgressAsync(client, plan.Progress),
        await CancelOnProgressAsync(client, plan.Cancel),
        await CallAsync(client, plan.AfterCancel));

    private static async Task<CallOutcome> CallAsync(McpClient client, ToolCall call)
    {
        var result = await client.CallToolAsync(call.Name, call.Arguments, cancellationToken: Cancellation);
        return new CallOutcome(
            result.IsError == true, string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
    }

    private static async Task<ProtocolErrorOutcome> CallUnknownAsync(McpClient client)
    {
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => CallAsync(client, ToolCall.Of(JourneyPlan.UnknownTool)));
        return new ProtocolErrorOutcome((int)error.ErrorCode, error.Message);
    }

    private static async Task<IReadOnlyList<double>> FollowProgressAsync(McpClient client, ToolCall call)
    {
        var progress = new SeenProgress();
        await client.CallToolAsync(call.Name, call.Arguments, progress, cancellationToken: Cancellation);
        return progress.Values;
    }

    private static async Task<bool> CancelOnProgressAsync(McpClient client, ToolCall call)
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        try
        {
            await client.CallToolAsync(
                call.Name, call.Arguments, new SynchronousProgress(_ => cancelled.Cancel()), cancellationToken: cancelled.Token);
            return false;
        }
        catch (OperationCanceledException)
        {
            return cancelled.IsCancellationRequested;
        }
    }
}
