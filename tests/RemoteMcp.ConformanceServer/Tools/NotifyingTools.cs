using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>Tools that send notifications to the client while they run.</summary>
internal sealed class NotifyingTools
{
    // The suite requires this delay, so that a client receives the notifications one at a time.
    private static readonly TimeSpan s_gap = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_tool_with_logging"), Description("Logs three messages to the client while it runs.")]
    public static async Task<string> Log(McpServer server, CancellationToken cancellationToken)
    {
        var logger = ClientLog.For(server);
        logger.Told("Tool execution started");
        await Task.Delay(s_gap, cancellationToken);
        logger.Told("Tool processing data");
        await Task.Delay(s_gap, cancellationToken);
        logger.Told("Tool execution completed");
        return "Tool with logging executed successfully";
    }

    [McpServerTool(Name = "test_tool_with_progress"), Description("Reports progress three times while it runs.")]
    public static async Task<string> Progress(RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        foreach (var done in (int[])[0, 50, 100])
        {
            if (context.Params?.ProgressToken is { } token)
            {
                await context.Server.NotifyProgressAsync(
                    token, new() { Progress = done, Total = 100 }, cancellationToken: cancellationToken);
            }

            await Task.Delay(s_gap, cancellationToken);
        }

        return "Tool with progress executed successfully";
    }

    [McpServerTool(Name = "test_reconnection"), Description("Closes its stream before the result, so that the client must poll for it.")]
    public static string Reconnect() => "Reconnection test completed successfully";

    /// <summary>Ends the stream of <c>test_reconnection</c> after the call and before the server sends its result (SEP-1699).</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> CloseReconnectionStream(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        if (request.Params?.Name == "test_reconnection")
        {
            await request.EnablePollingAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
        }

        return result;
    };
}
