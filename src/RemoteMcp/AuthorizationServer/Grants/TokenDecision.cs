namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>What the server does with a token request.</summary>
internal abstract record TokenDecision
{
    /// <summary>Issues new tokens.</summary>
    /// <param name="Stored">The grant.</param>
    /// <param name="RefreshToken">The id of the new refresh token.</param>
    public sealed record Issue(StoredGrant Stored, string RefreshToken) : TokenDecision;

    /// <summary>Sends the response to an earlier request again.</summary>
    /// <param name="Json">The response.</param>
    public sealed record Repeat(string Json) : TokenDecision;

    /// <summary>Refuses the request with <c>invalid_grant</c>. The person must sign in again.</summary>
    /// <param name="Reason">The description for the developer of the client.</param>
    public sealed record Refuse(string Reason) : TokenDecision;

    /// <summary>Asks the client to try again later. The grant stays valid.</summary>
    public sealed record TryLater : TokenDecision;
}
