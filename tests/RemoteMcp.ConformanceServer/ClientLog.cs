using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer;

/// <summary>Logs messages to the client that made the call, not to the log of this process.</summary>
internal static partial class ClientLog
{
    public static ILogger For(McpServer server) => server.AsClientLoggerProvider().CreateLogger("fixtures");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    public static partial void Told(this ILogger logger, string text);
}
