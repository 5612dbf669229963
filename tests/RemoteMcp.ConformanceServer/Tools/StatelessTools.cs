using System.ComponentModel;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Sessions.Notifications;

namespace RemoteMcp.ConformanceServer.Tools;

/// <summary>Tools with which the scenario <c>server-stateless</c> observes the behavior of the server itself (SEP-2575).</summary>
internal sealed class StatelessTools(IOptions<McpServerOptions> options, ClientNotifier notifier)
{
    [McpServerTool(Name = "test_missing_capability"), Description("Requires the client capability sampling.")]
    public static string NeedSampling(McpServer server) =>
        server.ClientCapabilities?.Sampling is not null
            ? "The client declared sampling."
            : throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() });

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Asks the user in its result instead of in a request on the stream.")]
    public static string ElicitOnStream(RequestContext<CallToolRequestParams> context) => RoundTripTools.Elicit(context);

    [McpServerTool(Name = "test_logging_tool"), Description("Logs a message that only clients that requested logs may receive.")]
    public static string Log(McpServer server)
    {
        ClientLog.For(server).Told("Logged by test_logging_tool");
        return "Logged one message.";
    }

    [McpServerTool(Name = "test_trigger_tool_change"), Description("Changes the list of tools.")]
    public async Task<string> ChangeTools(CancellationToken cancellationToken)
    {
        var done = Toggle(
            options.Value.ToolCollection!,
            McpServerTool.Create(() => "This tool is temporary.", new() { Name = "test_passing_tool", Description = "A temporary tool." }));
        await notifier.ToolsChangedAsync(cancellationToken);
        return done;
    }

    [McpServerTool(Name = "test_trigger_prompt_change"), Description("Changes the list of prompts.")]
    public async Task<string> ChangePrompts(CancellationToken cancellationToken)
    {
        var done = Toggle(
            options.Value.PromptCollection!,
            McpServerPrompt.Create(
                () => "This prompt is temporary.", new() { Name = "test_passing_prompt", Description = "A temporary prompt." }));
        await notifier.PromptsChangedAsync(cancellationToken);
        return done;
    }

    private static string Toggle<T>(McpServerPrimitiveCollection<T> collection, T primitive) where T : class, IMcpServerPrimitive =>
        collection.TryAdd(primitive) ? $"Added {primitive.Id}."
        : collection.TryGetPrimitive(primitive.Id, out var present) && collection.Remove(present) ? $"Removed {primitive.Id}."
        : $"Another call is changing {primitive.Id}.";
}
