namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Describes a client application, from its metadata document or its registration. The server stores no clients.</summary>
internal sealed record ClientApplication
{
    /// <summary>Gets the client id as the client sends it: the URL of the metadata document, or the sealed registration.</summary>
    public required string ClientId { get; init; }

    /// <summary>
    /// Gets a short form of the client id, of at most 256 characters: the URL, or a hash of the sealed registration. Tokens, grants, and
    /// logs contain this form.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>
    /// Gets the name that the client gave itself, as one line of at most 80 characters without invisible characters. The name is not
    /// verified.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Gets the redirect URIs of the client. The redirect policy allows each of them.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>
    /// Gets the host of the metadata document, or <see langword="null"/> for a registered client. TLS has verified that the host published
    /// the document.
    /// </summary>
    public string? VerifiedHost { get; init; }
}
