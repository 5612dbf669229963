namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// The exception that is thrown when the server does not accept a client. Its message is safe to show to people: it names what is wrong and
/// the limit, and it contains no details of the server's network.
/// </summary>
internal sealed class ClientRefusedException(string message, string error = ClientRefusedException.InvalidMetadata) : Exception(message)
{
    public const string InvalidMetadata = "invalid_client_metadata";
    public const string InvalidRedirectUri = "invalid_redirect_uri";

    /// <summary>Gets the error code of RFC 7591, section 3.2.2.</summary>
    public string Error => error;
}
