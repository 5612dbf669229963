using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary><c>client_credentials</c>: a token without a user. It contains the app roles that an administrator assigned.</summary>
internal sealed class ClientCredentialsGrant(TokenResponses responses, EntraDirectory directory) : ITokenGrant
{
    public IReadOnlyList<string> GrantTypes { get; } = ["client_credentials"];

    public Task<TokenResponse> HandleAsync(TokenRequest request)
    {
        var tenant = request.RequireTenant();
        if (request.Proof == ClientProof.None)
        {
            throw ClientRefusals.CredentialMissingForItself();
        }
        var scope = request.Parameters.Require("scope");
        if (!scope.EndsWith("/.default", StringComparison.OrdinalIgnoreCase))
        {
            throw Refusals.NotDefaultScope(scope);
        }
        var scopes = RequestedScopes.Parse(scope, request.Parameters["resource"], request.Client, tenant, directory);
        if (scopes.Resource.AssignmentRequired && !scopes.Resource.Assignments.ContainsKey(request.Client.ServicePrincipalId))
        {
            throw Refusals.ApplicationNotAssigned(request.Client, scopes.Resource);
        }
        return Task.FromResult(responses.ForApplication(tenant, request, scopes));
    }
}
