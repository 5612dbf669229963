using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.DataProtection;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Storage;
using RemoteMcp.Tests.Auth.Cloud;
using RemoteMcp.Tests.Emulators;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>An emulated key vault with the key <c>ring</c>, and instances that encrypt their key ring with it.</summary>
public abstract class EmulatedVault : EmulatedTenant
{
    protected const string KeyName = "ring";

    internal MemoryStateStore Store { get; } = new(TimeProvider.System);

    internal LogLines Log { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected AzureCloud Cloud => Emulator.Azure;

    protected AzureKey Key => Cloud.Keys[KeyName];

    protected string KeyUrl => $"{Emulator.Addresses.Vault}keys/{KeyName}";

    /// <summary>Gets the number of requests that the vault got.</summary>
    protected int VaultRequests => Emulator.Requests.Counts.Where(static each => each.Key.StartsWith("/keys/", StringComparison.Ordinal))
        .Sum(static each => each.Value);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Cloud.Keys[KeyName] = new AzureKey();
        Cloud.Assign(SampleDirectory.IdentityObjectId, AzureKey.EncryptionUser, AzureKey.ScopeOf(KeyName));
    }

    /// <summary>Starts an instance. It does not use the environment of the process, so the tests can run at the same time.</summary>
    internal FleetInstance Instance(string? key = null) => new(Store, configure: services => services
        .AddSingleton<ILoggerProvider>(Log)
        .AddSingleton(provider => new KeyEnvelopes(
            KeyVaultKeyId.TryParse(key ?? KeyUrl),
            new KeyVaultClient(new Clients(() => Emulator.CreateHandler()), new Identity(this), TimeProvider.System),
            provider.GetRequiredService<ILogger<KeyEnvelopes>>())));

    /// <summary>Starts an instance without a key in Key Vault.</summary>
    internal FleetInstance PlainInstance() => new(Store);

    protected string Token(string audience, Application resource) => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(
            Sample.Contoso,
            new Application
            {
                ClientId = SampleDirectory.IdentityClientId,
                DisplayName = "Managed identity",
                HomeTenantId = SampleDirectory.ContosoId,
            },
            resource)
        {
            Proof = ClientProof.Assertion,
            ResourceName = audience,
            PrincipalId = SampleDirectory.IdentityObjectId,
        });

    protected Application Microsoft(string id) => Sample.Directory.FindClient(id, Sample.Contoso)!;

    private sealed class Identity(EmulatedVault vault) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal("https://vault.azure.net/.default", Assert.Single(requestContext.Scopes));
            return new(
                vault.Token("https://vault.azure.net", vault.Microsoft(MicrosoftApplications.KeyVaultId)),
                DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    private sealed class Clients(Func<HttpMessageHandler> create) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(create());
    }
}
