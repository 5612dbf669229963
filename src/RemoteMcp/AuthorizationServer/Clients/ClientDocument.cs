namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Reads a client ID metadata document (draft-ietf-oauth-client-id-metadata-document, section 4).</summary>
internal static class ClientDocument
{
    private const int MaxRedirectUris = 20;
    private const int MaxAuthMethods = 20;
    private const string NoAuthentication = "none";

    /// <exception cref="ClientRefusedException">The content of the document is refused.</exception>
    public static ClientApplication Read(ReadOnlyMemory<byte> json, Uri url, RedirectPolicy policy)
    {
        using var document = ClientMetadata.Parse(json);
        var metadata = document.RootElement;
        var clientId = url.AbsoluteUri;
        if (ClientMetadata.Text(metadata, "client_id") != clientId)
        {
            throw new ClientRefusedException("client_id must be equal to the URL of the document.");
        }

        if (metadata.TryGetProperty("client_secret", out _) || metadata.TryGetProperty("client_secret_expires_at", out _))
        {
            throw new ClientRefusedException("The document must not contain a client secret, because everyone can read it.");
        }

        // ChatGPT's document prefers private_key_jwt, and lists `none` for servers without it.
        var method = ClientMetadata.Text(metadata, "token_endpoint_auth_method") ?? NoAuthentication;
        var methods = ClientMetadata.Texts(metadata, "token_endpoint_auth_methods_supported", MaxAuthMethods);
        if (method != NoAuthentication && methods?.Contains(NoAuthentication) != true)
        {
            throw new ClientRefusedException(
                "This server supports only public clients with PKCE. token_endpoint_auth_method must be none, or "
                    + "token_endpoint_auth_methods_supported must contain none.");
        }

        return new ClientApplication
        {
            ClientId = clientId,
            Key = clientId,
            Name = ClientMetadata.Name(metadata, url.Host),
            RedirectUris = ClientMetadata.RedirectUris(metadata, MaxRedirectUris, policy),
            VerifiedHost = url.Host,
        };
    }
}
