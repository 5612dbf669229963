namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>Specifies why Entra ID signs a person in no longer, or not at the moment.</summary>
internal enum UpstreamProblem
{
    /// <summary>The person must sign in again, in a browser.</summary>
    SignInRequired,

    /// <summary>Entra ID or the managed identity does not respond.</summary>
    Unavailable,

    /// <summary>The server's app registration or managed identity is not set up correctly.</summary>
    NotConfigured,

    /// <summary>This server does not accept the person, for example because of the tenant.</summary>
    NotAccepted,
}

/// <summary>The exception that is thrown when Entra ID issues no token. Its message is safe to show to the person.</summary>
internal sealed class UpstreamException(UpstreamProblem problem, string message, string? reference, Exception? inner)
    : Exception(message, inner)
{
    public UpstreamProblem Problem => problem;

    /// <summary>Gets the error number and correlation id, with which an administrator finds the failed sign-in.</summary>
    public string? Reference => reference;

    /// <summary>Gets the claims challenge of Conditional Access, which the next sign-in must send.</summary>
    public string? Claims { get; init; }
}
