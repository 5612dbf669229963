using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>
/// Provides the credential of the server's app registration: an assertion of the managed identity or, where there is none, a certificate.
/// There is no client secret.
/// </summary>
internal sealed class UpstreamCredential
{
    private readonly Func<CancellationToken, Task<string>>? _assertion;
    private readonly Lazy<X509Certificate2?> _certificate;

    public UpstreamCredential(
        IOptions<AuthorizationServerOptions> options, IOptions<AppCredentialOptions> identity, AppCredential app)
    {
        var scope = identity.Value.TokenExchangeUrl + "/.default";
        _certificate = new(() => options.Value.CertificatePath is { Length: > 0 } path ? Load(path) : null);
        _assertion = identity.Value.HasManagedIdentity
            ? async cancellationToken => (await app.GetTokenAsync(new TokenRequestContext([scope]), cancellationToken)).Token
            : null;
    }

    /// <summary>Initializes a new instance with an assertion, for tests.</summary>
    internal UpstreamCredential(Func<string> assertion) =>
        (_certificate, _assertion) = (new((X509Certificate2?)null), _ => Task.FromResult(assertion()));

    /// <summary>Gets whether the server has a credential.</summary>
    public bool IsConfigured => _assertion is not null || _certificate.Value is not null;

    /// <summary>Adds the credential to an MSAL client. Without a credential, the requests to Entra ID have none.</summary>
    public ConfidentialClientApplicationBuilder AddTo(ConfidentialClientApplicationBuilder builder) =>
        _certificate.Value is { } certificate ? builder.WithCertificate(certificate)
        : _assertion is { } assertion ? builder.WithClientAssertion(request => assertion(request.CancellationToken))
        : builder;

    /// <summary>Checks that the server has a credential. The credential caches the assertion.</summary>
    /// <exception cref="InvalidOperationException">The server has no credential.</exception>
    /// <exception cref="CloudAccessException">The managed identity gets no assertion.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        _certificate.Value is not null ? Task.CompletedTask
        : _assertion is { } assertion ? assertion(cancellationToken)
        : throw new InvalidOperationException("The server has neither a managed identity nor a certificate.");

    private static X509Certificate2 Load(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".pfx" or ".p12"
            ? X509CertificateLoader.LoadPkcs12FromFile(path, password: null)
            : X509Certificate2.CreateFromPemFile(path);
}
