using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RemoteMcp.Emulators;

/// <summary>
/// A self-signed certificate for only this machine. Processes trust it through a file: <c>SSL_CERT_FILE</c> (.NET and OpenSSL on Linux) or
/// <c>NODE_EXTRA_CA_CERTS</c> (Node). Azurite serves with it (<c>--cert</c>, <c>--key</c>).
/// </summary>
public sealed class LoopbackCertificate : IDisposable
{
    public const string CertificateFile = "localhost.pem";
    public const string KeyFile = "localhost.key";

    private LoopbackCertificate(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public static LoopbackCertificate Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost, O=Remote MCP emulators", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var created = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return Persistable(created);
    }

    /// <summary>
    /// Loads the certificate from the folder if it is still valid, so that it stays trusted after a restart. Otherwise, creates a
    /// certificate.
    /// </summary>
    public static LoopbackCertificate LoadOrCreate(string folder)
    {
        var certificateFile = Path.Combine(folder, CertificateFile);
        var keyFile = Path.Combine(folder, KeyFile);
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            using var loaded = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (loaded.NotAfter.ToUniversalTime() > DateTime.UtcNow.AddDays(7))
            {
                return Persistable(loaded);
            }
        }
        var created = Create();
        created.Export(folder);
        return created;
    }

    /// <summary>Writes <see cref="CertificateFile"/> and <see cref="KeyFile"/>. Only the current user can read the key.</summary>
    /// <returns>The paths of the two files.</returns>
    public (string Certificate, string Key) Export(string folder)
    {
        var target = Directory.CreateDirectory(folder).FullName;
        var paths = (Certificate: Path.Combine(target, CertificateFile), Key: Path.Combine(target, KeyFile));
        File.WriteAllText(paths.Certificate, Certificate.ExportCertificatePem());
        using var key = Certificate.GetECDsaPrivateKey()!;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var writer = new StreamWriter(paths.Key, options);
        writer.Write(key.ExportPkcs8PrivateKeyPem());
        return paths;
    }

    public void Dispose() => Certificate.Dispose();

    // SChannel cannot serve with a key that was never in a PKCS#12 store.
    private static LoopbackCertificate Persistable(X509Certificate2 certificate) =>
        new(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable));
}
