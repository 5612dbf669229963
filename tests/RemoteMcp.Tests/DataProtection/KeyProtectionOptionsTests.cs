using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RemoteMcp.DataProtection;
using RemoteMcp.Tests.Auth.Cloud;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

public sealed class KeyProtectionOptionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring/")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring/0123456789abcdef0123456789abcdef")]
    [InlineData("https://KV-Contoso.vault.azure.net:443/keys/ring")]
    [InlineData("https://contoso.managedhsm.azure.net/keys/ring")]
    [InlineData("https://contoso.vault.usgovcloudapi.net/keys/ring")]
    [InlineData("https://localhost:8443/keys/ring")]
    public void Identifier_of_a_key_is_accepted(string? key) => Assert.True(Validate(key).Succeeded);

    [Theory]
    [InlineData("ring")]
    [InlineData("http://kv-contoso.vault.azure.net/keys/ring")]
    [InlineData("https://kv-contoso.vault.azure.net")]
    [InlineData("https://kv-contoso.vault.azure.net/secrets/ring")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring/7")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/r_ing")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring/0123456789abcdef0123456789abcdef/wrapkey")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/../secrets/ring")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring?api-version=7.4")]
    [InlineData("https://kv-contoso.vault.azure.net/keys/ring#x")]
    [InlineData("https://user@kv-contoso.vault.azure.net/keys/ring")]
    [InlineData("https://kv-contoso.vault.azure.net:8443/keys/ring")]
    [InlineData("https://kv-contoso.vault.azure.net.attacker.example/keys/ring")]
    [InlineData("https://vault.azure.net/keys/ring")]
    [InlineData("https://a.b.vault.azure.net/keys/ring")]
    [InlineData("https://attacker.example/keys/ring")]
    public void Other_value_is_refused_with_the_format(string key)
    {
        var failure = Assert.Single(Validate(key).Failures!);

        Assert.StartsWith("RemoteMcp:DataProtection:KeyVaultKey is '", failure, StringComparison.Ordinal);
        Assert.Contains("https://VAULT.vault.azure.net/keys/NAME", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://contoso.vault.azure.net/keys/ring", "https://vault.azure.net/.default")]
    [InlineData("https://contoso.managedhsm.azure.cn/keys/ring", "https://managedhsm.azure.cn/.default")]
    [InlineData("https://127.0.0.1:8443/keys/ring", "https://vault.azure.net/.default")]
    public void Token_is_for_the_service_of_the_vault(string key, string scope) => Assert.Equal(scope, KeyVaultKeyId.TryParse(key)!.Scope);

    [Theory]
    [InlineData(true, "TableEndpoint", "https://contoso.table.core.windows.net", null, "None")]
    [InlineData(false, "TableEndpoint", "https://contoso.table.core.windows.net", "https://contoso.vault.azure.net/keys/ring", "None")]
    [InlineData(false, "ConnectionString", "UseDevelopmentStorage=true", null, "None")]
    [InlineData(true, "ConnectionString", "UseDevelopmentStorage=true", null, "Entra")]
    [InlineData(false, "Provider", "Memory", null, "Entra")]
    public async Task Start_warns_once_if_a_real_account_contains_the_ring_in_plain_text(
        bool warns, string setting, string value, string? key, string mode)
    {
        using var log = new LogLines();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RemoteMcp:Storage:" + setting] = value,
            ["RemoteMcp:DataProtection:KeyVaultKey"] = key,
            ["RemoteMcp:Auth:Mode"] = mode,
            ["RemoteMcp:Auth:TenantId"] = mode == "None" ? null : "60000000-0000-4000-8000-000000000001",
            ["RemoteMcp:Auth:ClientId"] = mode == "None" ? null : "60000000-0000-4000-8000-000000000002",
            ["RemoteMcp:Auth:SignIn"] = mode == "None" ? null : "Direct",
        });
        builder.Logging.AddProvider(log);
        builder.Services.AddRemoteMcp(builder.Configuration);
        using var host = builder.Build();

        await host.Services.GetServices<IHostedService>().OfType<UnprotectedKeysWarning>().Single().StartAsync(Cancel);

        Assert.Equal(
            warns ? 1 : 0,
            log.Lines.Count(static line => line.Contains("contains the server's key ring in plain text", StringComparison.Ordinal)));
    }

    private static ValidateOptionsResult Validate(string? key) =>
        new KeyProtectionOptionsValidator().Validate(null, new KeyProtectionOptions { KeyVaultKey = key });
}
