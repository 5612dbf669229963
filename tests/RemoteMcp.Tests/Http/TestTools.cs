using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.Tests.Http;

/// <summary>
/// Provides tools with typical behavior: they respond, run for a long time, fail, return large results, or prompt the user.
/// </summary>
[McpServerToolType]
internal sealed class TestTools
{
    /// <summary>The exception message of the tool <c>throws</c>. No part of it may reach a client.</summary>
    public const string Secret = "the password is hunter2";

    [McpServerTool(Name = "echo"), Description("Answers with the text.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "throws"), Description("Fails.")]
    public static string Throws() => throw new InvalidOperationException(Secret);

    [McpServerTool(Name = "big"), Description("Answers with the given number of characters.")]
    public static string Big(int length) => new('x', length);

    [McpServerTool(Name = "waits"), Description("Reports progress, then runs until it is released or cancelled.")]
    public static async Task<string> Waits(
        Rendezvous rendezvous, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new() { Progress = 1, Total = 2, Message = "half way" });
        await rendezvous.WaitAsync(cancellationToken);
        return "released";
    }

    [McpServerTool(Name = "stubborn"), Description("Runs until it is released and ignores cancellation.")]
    public static async Task<string> Stubborn(Rendezvous rendezvous)
    {
        await rendezvous.WaitAsync(CancellationToken.None);
        return "released";
    }

    [McpServerTool(Name = "asks"), Description("Asks the user.")]
    public static async Task<string> Asks(McpServer server, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = "Sure?", RequestedSchema = new() }, cancellationToken);
        return answer.Action;
    }

    [McpServerTool(Name = "gives_up"), Description("Asks the user, does not wait for the answer, and runs until it is released.")]
    public static async Task<string> GivesUp(McpServer server, Rendezvous rendezvous, CancellationToken cancellationToken)
    {
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = server.ElicitAsync(new ElicitRequestParams { Message = "Sure?", RequestedSchema = new() }, gaveUp.Token).AsTask();
        await gaveUp.CancelAsync();
        await answer.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await rendezvous.WaitAsync(cancellationToken);
        return "released";
    }
}
