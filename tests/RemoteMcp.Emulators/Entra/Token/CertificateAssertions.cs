using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>
/// An assertion that the client signed with its certificate
/// (https://learn.microsoft.com/entra/identity-platform/certificate-credentials). Entra finds the certificate by its thumbprint.
/// </summary>
internal sealed class CertificateAssertions(TokenInspector inspector, EmulatorAddresses addresses)
{
    private static readonly JsonWebTokenHandler s_handler = new();

    /// <exception cref="Refusal">700024, 700027: not valid at this time, or not signed with a certificate of the client.</exception>
    public async Task CheckAsync(JsonWebToken token, Application client)
    {
        var certificate = client.Certificates.FirstOrDefault(candidate => IsNamedIn(token, candidate))
            ?? throw ClientRefusals.CertificateUnknown(client);
        if (!inspector.IsTimely(token))
        {
            throw ClientRefusals.AssertionLifetime();
        }

        var result = await s_handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256],
            IssuerSigningKey = new RsaSecurityKey(certificate.GetRSAPublicKey()),
            TryAllIssuerSigningKeys = true,
            ValidIssuer = client.ClientId,
            ValidAudiences = [addresses.IssuerV2(client.HomeTenantId), $"{addresses.Entra}{client.HomeTenantId}/oauth2/v2.0/token"],
            ValidateLifetime = false,
        });
        if (!result.IsValid || token.Subject != client.ClientId)
        {
            throw ClientRefusals.AssertionSignature();
        }
    }

    private static bool IsNamedIn(JsonWebToken token, X509Certificate2 certificate) =>
        (token.TryGetHeaderValue<string>("x5t#S256", out var sha256)
            && sha256 == Base64UrlEncoder.Encode(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256)))
        || (token.TryGetHeaderValue<string>("x5t", out var sha1) && sha1 == Base64UrlEncoder.Encode(certificate.GetCertHash()));
}
