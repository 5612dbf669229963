using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace RemoteMcp.Observability;

/// <summary>
/// Determines what the log contains of the entries of the MCP SDK. The SDK logs the URIs of resources, the reasons of cancellations, and
/// the messages of exceptions, which contain arguments. From the level Information on, the log contains none of them. Each entry is also
/// written at the level Debug, with everything.
/// </summary>
internal static class SdkLog
{
    private const string Prefix = "ModelContextProtocol";

    /// <summary>Gets the lengths for the entries of the SDK. The messages of exceptions and all other values are omitted.</summary>
    public static LogText Lengths { get; } = LogText.Lengths with { MaxValue = 120, MaxExceptionMessage = 0, IsAllowed = IsAllowed };

    /// <summary>Returns whether the SDK writes the entries of a category.</summary>
    public static bool IsCategory(string category) => category.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>
    /// Returns whether an exception is the result of what the caller sent, or ends a call normally. The caller gets its message, and the
    /// audit log has the call.
    /// </summary>
    public static bool IsExpected(Exception? exception) =>
        exception is OperationCanceledException or InputRequiredException
            || (exception is McpException { InnerException: var inner } && (inner is null || IsExpected(inner)));

    // The names of the SDK's placeholders for names and kinds. The name of an endpoint contains the client's name and version.
    private static bool IsAllowed(string name) => name is "EndpointName" or "Method" or "ToolName" or "PromptName" or "MessageType"
        or "ServerInfo" or "TransportKind" or "ConfiguredHost" or "ConfiguredScheme";
}
