using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Elicitation;
using RemoteMcp.Testing.Http;

namespace RemoteMcp.Testing.Sessions;

/// <summary>Tools whose calls involve more than one request of their client.</summary>
[McpServerToolType]
internal sealed class FleetTools
{
    [McpServerTool(Name = "echo")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "ask"), Description("Asks the user and returns the answer.")]
    public static async Task<string> Ask(McpServer server, string question, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams
        {
            Message = question,
            RequestedSchema = new()
            {
                Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>
                {
                    ["answer"] = new ElicitRequestParams.StringSchema(),
                },
            },
        }, cancellationToken);
        return $"{question} -> {answer.Content?["answer"]}";
    }

    [McpServerTool(Name = "wait"), Description("Reports progress once, then waits until it is cancelled.")]
    public static async Task<string> Wait(
        IProgress<ModelContextProtocol.ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new() { Progress = 1, Message = "waiting" });
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        return "never";
    }

    [McpServerTool(Name = "hold"), Description("Reports progress once, then runs until it is released or cancelled.")]
    public static async Task<string> Hold(
        Rendezvous rendezvous, IProgress<ModelContextProtocol.ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new() { Progress = 1, Message = "holding" });
        await rendezvous.WaitAsync(cancellationToken);
        return "released";
    }

    [McpServerTool(Name = "act"), Description("Reports progress once, waits until it is released, and then acts unless it must not.")]
    public static async Task<string> Act(
        Rendezvous rendezvous,
        UserPrompts prompts,
        IProgress<ModelContextProtocol.ProgressNotificationValue> progress,
        CancellationToken cancellationToken)
    {
        progress.Report(new() { Progress = 1, Message = "about to act" });
        await rendezvous.WaitAsync(cancellationToken);
        await prompts.ConsumeAnswersAsync(cancellationToken);
        return "acted";
    }

    [McpServerTool(Name = "count"), Description("Reports progress n times with a pause, then answers n.")]
    public static async Task<string> Count(
        IProgress<ModelContextProtocol.ProgressNotificationValue> progress, int n, int pauseMs, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= n; i++)
        {
            await Task.Delay(pauseMs, cancellationToken);
            progress.Report(new() { Progress = i, Total = n });
        }

        return $"counted {n}";
    }

    [McpServerTool(Name = "level"), Description("Returns the session's log level on this instance.")]
#pragma warning disable MCP9005 // The test is for clients that set log levels.
    public static string Level(McpServer server) => server.LoggingLevel?.ToString() ?? "none";
#pragma warning restore MCP9005
}
