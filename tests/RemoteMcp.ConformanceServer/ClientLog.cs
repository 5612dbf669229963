using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace RemoteMcp.ConformanceServer;

/// <summary>Log messages for the client that made the call, not for this process's own log.</summary>
internal static partial class ClientLog
{
    public static ILogger For(McpServer server) => server.AsClientLoggerProvider().CreateLogger("fixtures");

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    public static partial void Told(this ILogger logger, string text);
}
