using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Emulators.Entra;

/// <summary>The RSA keys that sign tokens. All tenants share them, as most tenants do in Entra.</summary>
public sealed class SigningKeys(EmulatorOptions options)
{
    private readonly Lock _lock = new();
    private ImmutableList<X509SecurityKey> _published = [options.SigningKey ?? Create()];

    /// <summary>All keys of the JWKS document. The last key signs.</summary>
    public IReadOnlyList<X509SecurityKey> Published => _published;

    public X509SecurityKey Current => _published[^1];

    public SigningCredentials Credentials => new(Current, SecurityAlgorithms.RsaSha256);

    /// <summary>Publishes a new key, which signs all following tokens.</summary>
    /// <param name="keepOld">Whether the existing keys stay published. If not, their tokens become invalid, as after a compromise.</param>
    public void Roll(bool keepOld)
    {
        var key = Create();
        lock (_lock)
        {
            _published = keepOld ? _published.Add(key) : [key];
        }
    }

    public static X509SecurityKey Create()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=accounts.accesscontrol.windows.net", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        // In Entra, the kid is the x5t of the certificate.
        return new X509SecurityKey(certificate, Base64UrlEncoder.Encode(certificate.GetCertHash()));
    }
}
