using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// Workload identity federation: a token of a managed identity replaces a client secret. Entra searches for a federated credential with the
/// same issuer, subject, and audience, in this order. Then it checks the signature with the keys of the issuer. If the client itself is the
/// issuer, <see cref="CertificateAssertions"/> checks the assertion.
/// </summary>
internal sealed class FederatedAssertions(TokenInspector inspector, CertificateAssertions certificates, EmulatorAddresses addresses)
{
    /// <exception cref="Refusal">
    /// 700211, 700212, 700213: no matching credential. 700024, 700027: not valid at this time, or not signed by its issuer.
    /// </exception>
    public async Task CheckAsync(string assertion, Application client)
    {
        var token = TokenInspector.Read(assertion) ?? throw ClientRefusals.AssertionMalformed();
        if (token.Issuer == client.ClientId)
        {
            await certificates.CheckAsync(token, client);
            return;
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

    // The v2 token of a managed identity contains the application ID of the token exchange as its audience.
    private static bool IsAudience(FederatedCredential credential, string audience) =>
        credential.Audience == audience
        || (credential.Audience == MicrosoftApplications.TokenExchangeAudience && audience == MicrosoftApplications.TokenExchangeId);
}
