namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Checks the URL of a client ID metadata document (draft-ietf-oauth-client-id-metadata-document, section 3). Only the normal form of a URL
/// is accepted, so that each document has exactly one client id.
/// </summary>
internal static class ClientMetadataUrl
{
    /// <summary>The beginning of every client id that is a URL.</summary>
    public const string Prefix = "https://";

    /// <summary>The maximum length of the URL, in characters. The URL is the key of the client in tokens, grants, and logs.</summary>
    public const int MaxLength = 256;

    /// <summary>Parses the URL.</summary>
    /// <returns>What is wrong with the URL, as a sentence, or <see langword="null"/>.</returns>
    public static string? FindProblem(string text, out Uri? url)
    {
        url = null;
        if (text.Length > MaxLength)
        {
            return $"The URL may have {MaxLength} characters at most.";
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "The URL must not contain a fragment (#).";
        }

        if (!UriCharacters.AreOnlyIn(text) || !Uri.TryCreate(text, UriKind.Absolute, out url))
        {
            return "The URL contains characters that must be percent-encoded, or is not a URL.";
        }

        if (url.UserInfo.Length > 0)
        {
            return "The URL must not contain user information (@).";
        }

        // The parser has already removed dot segments and the default port, so the text is compared with the result.
        if (url.AbsoluteUri != text || url.Port != 443)
        {
            return "The URL must be in normal form: the host in lower case and without a port, and the path without dot segments.";
        }

        if (!IsDomainName(url))
        {
            return "The host of the URL must be a domain name.";
        }

        return url.AbsolutePath == "/" ? "The URL must have a path." : null;
    }

    // A host with a numeric last label is an IPv4 address in some form (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    private static bool IsDomainName(Uri url)
    {
        var host = url.Host;
        var lastLabel = host.LastIndexOf('.') + 1;
        return url.HostNameType == UriHostNameType.Dns
            && lastLabel > 1
            && lastLabel < host.Length
            && char.IsAsciiLetter(host[lastLabel])
            && host[lastLabel..] != "localhost";
    }
}
