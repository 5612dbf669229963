using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Elicitation;

/// <summary>Whether the client behind a request can show a question.</summary>
internal static class ElicitationSupport
{
    private const string FormRemedy = "This needs an answer from the user, and the client cannot ask: it did not declare the capability 'elicitation'. "
        + "Use a client that supports elicitation, and do not try again with this one.";

    private const string UrlRemedy = "This needs the user to open a web page, and the client cannot show it: it did not declare the capability 'elicitation.url'. "
        + "Use a client that supports URL elicitation, and do not try again with this one.";

    private const string SessionRemedy = "This needs an answer from the user, and a request without a session cannot wait for one. "
        + "Connect with protocol revision 2026-07-28, or start with 'initialize' and send the Mcp-Session-Id.";

    /// <remarks>
    /// Revision 2026-07-28 has an error of its own for a missing capability, -32021 with HTTP status 400. Clients show that as a broken
    /// connection; a tool error reaches the model and the user with its remedy.
    /// </remarks>
    /// <exception cref="McpException">It cannot.</exception>
    public static void Require(MessageContext request, string mode)
    {
        if (Validate(request, mode) is { } obstacle)
        {
            throw new McpException(obstacle);
        }
    }

    /// <returns>Why it cannot, with the remedy; <see langword="null"/> where it can.</returns>
    public static string? Validate(MessageContext request, string mode)
    {
        if (!request.Server.IsMrtrSupported)
        {
            return SessionRemedy;
        }

        // From 2026-07-28 on, capabilities come with each request.
        var capabilities = request.JsonRpcMessage.Context?.ClientCapabilities ?? request.Server.ClientCapabilities;
        return mode switch
        {
            "url" when capabilities?.Elicitation?.Url is null => UrlRemedy,
            "form" when capabilities?.Elicitation?.Form is null => FormRemedy,
            _ => null,
        };
    }
}
