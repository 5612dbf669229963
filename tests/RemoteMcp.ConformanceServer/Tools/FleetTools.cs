using System.ComponentModel;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Sessions;
using RemoteMcp.Sessions.Notifications;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>
/// Tools for this repository's tests, not for the suite. They show the behavior and the state of one instance of a fleet.
/// </summary>
internal sealed class FleetTools(LiveSessions live, SessionStore sessions, ClientNotifier notifier)
{
    [McpServerTool(Name = "echo"), Description("Returns the text.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "count"), Description("Reports progress n times with a pause before each, then returns the ticket.")]
    public static async Task<string> Count(
        string ticket, int n, int pauseMs, RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        for (var done = 1; done <= n; done++)
        {
            await Task.Delay(pauseMs, cancellationToken);
            if (context.Params?.ProgressToken is { } token)
            {
                // Awaits each notification to keep their order. IProgress does not guarantee an order.
                await context.Server.NotifyProgressAsync(
                    token, new() { Progress = done, Total = n, Message = ticket }, cancellationToken: cancellationToken);
            }
        }

        return $"counted {ticket}";
    }

    [McpServerTool(Name = "raise"), Description("Sends a notification without a related call to the session's GET stream.")]
    public async Task<string> Raise(string data, McpServer server, CancellationToken cancellationToken)
    {
        if (!live.TryGet(server.SessionId, out var session))
        {
            throw new McpException("The tool raise requires a session.");
        }

        await session.Server.SendMessageAsync(
            new JsonRpcNotification
            {
                Method = "notifications/message",
                Params = new JsonObject { ["level"] = "emergency", ["data"] = data },
            },
            cancellationToken);
        return "raised";
    }

    [McpServerTool(Name = "touch"), Description("Notifies clients that a resource changed.")]
    public async Task<string> Touch(string uri, CancellationToken cancellationToken)
    {
        await notifier.ResourceUpdatedAsync(uri, cancellationToken);
        return "notified";
    }

    [McpServerTool(Name = "change_list"), Description("Notifies clients that the list of tools, prompts, or resources changed.")]
    public async Task<string> ChangeList(string list, CancellationToken cancellationToken)
    {
        await (list switch
        {
            "tools" => notifier.ToolsChangedAsync(cancellationToken),
            "prompts" => notifier.PromptsChangedAsync(cancellationToken),
            "resources" => notifier.ResourcesChangedAsync(cancellationToken),
            _ => throw new McpException($"Unknown list '{list}'. Use tools, prompts, or resources."),
        });
        return "notified";
    }

    [McpServerTool(Name = "log_level"), Description("Returns the session's log level as this instance knows it.")]
    public static string LogLevel(McpServer server) => server.LoggingLevel?.ToString() ?? "none";

    [McpServerTool(Name = "subscriptions"), Description("Returns the URIs that the session is subscribed to.")]
    public async Task<string> Subscriptions(McpServer server, CancellationToken cancellationToken) =>
        string.Join('\n', (await sessions.FindAsync(server.SessionId ?? "none", cancellationToken))?.Subscriptions ?? []);
}
