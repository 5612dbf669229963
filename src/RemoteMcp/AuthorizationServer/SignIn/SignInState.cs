using System.Text.Json.Serialization;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>Specifies what happens after a person has signed in at Entra ID.</summary>
internal enum SignInPurpose
{
    /// <summary>A client gets an authorization code.</summary>
    Authorize,

    /// <summary>The person sees the page with their grants.</summary>
    Connections,

    /// <summary>A grant gets a new sign-in at Entra ID, because Conditional Access requires another step.</summary>
    StepUp,
}

/// <summary>Describes a sign-in that begins.</summary>
/// <param name="Purpose">What happens after the sign-in.</param>
/// <param name="Scopes">The scopes to request at Entra ID.</param>
internal sealed record SignInStart(SignInPurpose Purpose, IReadOnlyList<string> Scopes)
{
    /// <summary>Gets the parameters of the client's authorization request, as a query string.</summary>
    public string Request { get; init; } = "";

    /// <summary>Gets the client id of the request.</summary>
    public string Client { get; init; } = "";

    /// <summary>Gets the redirect URI of the request.</summary>
    public string Redirect { get; init; } = "";

    /// <summary>Gets the grant that gets a new sign-in.</summary>
    public string? Grant { get; init; }
}

/// <summary>
/// What the server must know when the browser returns from Entra ID. Entra carries it, sealed, in the parameter <c>state</c>, so the server
/// stores nothing for a sign-in that is not completed.
/// </summary>
internal sealed record SignInState
{
    /// <summary>Gets the random id of the transaction. It is also the nonce of the ID token.</summary>
    public required string Transaction { get; init; }

    /// <summary>Gets the hash from <see cref="BrowserBinding"/>.</summary>
    public required string Binding { get; init; }

    /// <summary>Gets how the sign-in began.</summary>
    public required SignInStart Start { get; init; }

    /// <summary>Gets the PKCE verifier of the request to Entra ID.</summary>
    public required string Verifier { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets whether the request to Entra ID contained a claims challenge.</summary>
    public bool HasClaims { get; init; }
}

/// <summary>
/// Proves that a person has signed in, for one authorization request in one browser. The consent page sends it back, sealed, as its CSRF
/// token.
/// </summary>
internal sealed record ConsentTicket
{
    public required string Transaction { get; init; }

    public required string Binding { get; init; }

    /// <summary>Gets the hash of the authorization request. The URL contains the request already, and its length is limited.</summary>
    public required string RequestHash { get; init; }

    /// <summary>Gets the grant that becomes active when the client redeems its code.</summary>
    public required string Grant { get; init; }

    /// <summary>Gets the subject of the person.</summary>
    public required string Subject { get; init; }

    public required string UserName { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>Gets the scopes that the client gets.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Gets whether the person approved the same client and redirect URI before.</summary>
    public bool IsConsented { get; init; }

    /// <summary>Gets whether Entra ID refused the sign-in. The client then gets an error.</summary>
    public bool IsDenied { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Returns the ticket with which the person goes back to the client after a sign-in that Entra ID refused.</summary>
    public static ConsentTicket Denied(SignInState state, DateTimeOffset expiresAt) => new()
    {
        Transaction = state.Transaction,
        Binding = state.Binding,
        RequestHash = AuthorizationRequest.HashOf(state.Start.Request),
        Grant = "",
        Subject = "",
        UserName = "",
        Scopes = [],
        IsDenied = true,
        ExpiresAt = expiresAt,
    };
}

/// <summary>Serializes states and tickets without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SignInState))]
[JsonSerializable(typeof(ConsentTicket))]
internal sealed partial class SignInJson : JsonSerializerContext;
