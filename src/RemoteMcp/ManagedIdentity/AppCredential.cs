using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Options;

namespace RemoteMcp.ManagedIdentity;

/// <summary>
/// Represents the credential of the server's own identity. The state storage and all tools share this one object, so that its tokens are
/// cached only once. Use it in services that live longer than a call. Tools use <c>CloudIdentity</c> instead.
/// </summary>
/// <param name="options">The options that select the identity.</param>
public sealed class AppCredential(IOptions<AppCredentialOptions> options) : TokenCredential
{
    private readonly TokenCredential _credential = Create(options.Value);

    internal bool IsManagedIdentity { get; } = options.Value.HasManagedIdentity;

    internal static TokenCredential ManagedIdentity(string? clientId) =>
        new ManagedIdentityCredential(
            clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));

    /// <inheritdoc/>
    /// <exception cref="CloudAccessException">There is no token. The message states who must do what.</exception>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return _credential.GetToken(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw Explain(exception);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CloudAccessException">There is no token. The message states who must do what.</exception>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await _credential.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw Explain(exception);
        }
    }

    // A developer's machine has no managed identity. The attempt to use one is excluded, because on some networks it takes seconds to fail.
    private static TokenCredential Create(AppCredentialOptions options) => options.HasManagedIdentity
        ? ManagedIdentity(options.ClientId)
        : new DefaultAzureCredential(new DefaultAzureCredentialOptions { ExcludeManagedIdentityCredential = true });

    private CloudAccessException Explain(AuthenticationFailedException refusal) => IsManagedIdentity
        ? new(CloudAccessProblem.NotConfigured,
            $"The server got no token for its managed identity{(options.Value.ClientId is { } id ? " " + id : "")}. Try again in a minute. "
            + "If that does not help, tell the server's operator "
            + $"to assign the identity to the app, and to set {AppCredentialOptions.Section}:ClientId to its client id.", null, refusal)
        : new(CloudAccessProblem.NotSignedIn,
            "Nobody is signed in to Azure on the machine that runs this server. "
            + "Run `az login` (or `azd auth login`) there, and call the tool again. "
            + $"On a machine with a managed identity, set {AppCredentialOptions.Section}:ClientId.", null, refusal);
}
