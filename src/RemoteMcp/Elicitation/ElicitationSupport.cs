using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Elicitation;

/// <summary>Checks whether the client that sent a request can show a question.</summary>
internal static class ElicitationSupport
{
    private const string FormRemedy =
        "This call needs an answer from the user, but the client cannot ask the user: it did not declare the capability 'elicitation'. "
        + "Use a client that supports elicitation, and do not try again with this client.";

    private const string UrlRemedy =
        "In this call, the user must open a web page, but the client cannot show it: it did not declare the capability 'elicitation.url'. "
        + "Use a client that supports URL elicitation, and do not try again with this client.";

    private const string SessionRemedy =
        "This call needs an answer from the user, but a request without a session cannot wait for an answer. "
        + "Connect with protocol revision 2026-07-28, or start a session with 'initialize' and send its Mcp-Session-Id.";

    /// <summary>Throws an exception if the client cannot show a question of the mode <c>form</c> or <c>url</c>.</summary>
    /// <remarks>
    /// Revision 2026-07-28 defines an error for a missing capability, -32021 with HTTP status 400. This method does not use it, because
    /// clients show it as a broken connection. A tool error reaches the model and the user, and it states the remedy.
    /// </remarks>
    /// <exception cref="McpException">The client cannot show a question of this mode.</exception>
    public static void Require(MessageContext request, string mode)
    {
        if (Validate(request, mode) is { } reason)
        {
            throw new McpException(reason);
        }
    }

    /// <returns>The reason why the client cannot show the question, with the remedy, or <see langword="null"/> if it can.</returns>
    public static string? Validate(MessageContext request, string mode)
    {
        if (!request.Server.IsMrtrSupported)
        {
            return SessionRemedy;
        }

        // In revision 2026-07-28 and later, each request carries the capabilities of the client.
        var capabilities = request.JsonRpcMessage.Context?.ClientCapabilities ?? request.Server.ClientCapabilities;
        return mode switch
        {
            "url" when capabilities?.Elicitation?.Url is null => UrlRemedy,
            "form" when capabilities?.Elicitation?.Form is null => FormRemedy,
            _ => null,
        };
    }
}
