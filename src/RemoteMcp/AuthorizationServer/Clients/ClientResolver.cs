namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>Finds the client that a client id stands for. The server stores no clients.</summary>
internal sealed class ClientResolver(ClientMetadataDocuments documents, SealedRegistrations registrations)
{
    /// <summary>
    /// The maximum length of a client id, in characters. The URL of an authorization request contains it, together with the other
    /// parameters.
    /// </summary>
    public const int MaxLength = 2048;

    /// <summary>
    /// Finds a client. If the client id begins with <c>https://</c>, it is the URL of a client ID metadata document. If it begins with
    /// <c>registration.</c>, it is a sealed registration.
    /// </summary>
    /// <returns>The client, or <see langword="null"/> if the client id is neither a URL nor a registration of this server.</returns>
    /// <exception cref="ClientRefusedException">The URL, the document, or all redirect URIs of the client are refused.</exception>
    /// <exception cref="Storage.StateUnavailableException">The keys that open registrations cannot be read at the moment.</exception>
    public async ValueTask<ClientApplication?> FindAsync(string clientId, CancellationToken cancellationToken)
    {
        if (clientId.Length > MaxLength)
        {
            return null;
        }

        if (clientId.StartsWith(ClientMetadataUrl.Prefix, StringComparison.Ordinal))
        {
            return await documents.GetAsync(clientId, cancellationToken);
        }

        return clientId.StartsWith(SealedRegistrations.Prefix, StringComparison.Ordinal)
            ? await registrations.TryOpenAsync(clientId, cancellationToken)
            : null;
    }
}
