using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// Workload identity federation: a token of a managed identity in place of a client secret. Entra looks for a federated credential
/// with the same issuer, then subject, then audience, and only then trusts the signature of that issuer's keys.
/// </summary>
internal sealed class FederatedAssertions(TokenInspector inspector, EmulatorAddresses addresses)
{
    /// <exception cref="Refusal">700211, 700212, 700213: no such credential; 700024, 700027: not timely, not signed by its issuer.</exception>
    public async Task CheckAsync(string assertion, Application client)
    {
        var token = TokenInspector.Read(assertion) ?? throw ClientRefusals.AssertionMalformed();
        if (token.Issuer == client.ClientId)
        {
            throw ClientRefusals.CertificateUnknown(client);
        }
        var trusted = client.FederatedCredentials.Where(credential => IssuerOf(credential, client) == token.Issuer).ToList();
        if (trusted.Count == 0)
        {
            throw ClientRefusals.NoFederatedIssuer(token.Issuer);
        }
        trusted = trusted.FindAll(credential => credential.Subject == token.Subject);
        if (trusted.Count == 0)
        {
            throw ClientRefusals.NoFederatedSubject(token.Subject);
        }
        if (!trusted.Exists(credential => token.Audiences.Any(audience => IsAudience(credential, audience))))
        {
            throw ClientRefusals.NoFederatedAudience(token.Audiences.FirstOrDefault() ?? "");
        }
        if (!inspector.IsTimely(token))
        {
            throw ClientRefusals.AssertionLifetime();
        }
        if (!await inspector.IsSignedHereAsync(token))
        {
            throw ClientRefusals.AssertionSignature();
        }
    }

    private string IssuerOf(FederatedCredential credential, Application client) =>
        credential.Issuer == FederatedCredential.HomeTenantIssuer ? addresses.IssuerV2(client.HomeTenantId) : credential.Issuer;

    // A managed identity's v2 token spells the audience as the application id of the token exchange.
    private static bool IsAudience(FederatedCredential credential, string audience) =>
        credential.Audience == audience
        || (credential.Audience == MicrosoftApplications.TokenExchangeAudience && audience == MicrosoftApplications.TokenExchangeId);
}
