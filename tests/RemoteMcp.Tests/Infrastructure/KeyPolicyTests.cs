using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

/// <summary>Tests the key vault with the key that encrypts the key ring.</summary>
public sealed class KeyPolicyTests
{
    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Vault_accepts_only_roles_and_its_key_cannot_be_lost(string name)
    {
        var vault = Assert.Single(Deployment.Load(name).Of("Microsoft.KeyVault/vaults"));

        Assert.Equal("true", vault["properties.enableRbacAuthorization"]);
        Assert.Equal("", vault["properties.accessPolicies"]);
        Assert.Equal("true", vault["properties.enableSoftDelete"]);
        Assert.Equal("true", vault["properties.enablePurgeProtection"]);
        Assert.Equal("90", vault["properties.softDeleteRetentionInDays"]);
        Assert.Equal(
            ("false", "false", "false"),
            (vault["properties.enabledForDeployment"],
                vault["properties.enabledForDiskEncryption"],
                vault["properties.enabledForTemplateDeployment"]));
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Vault_contains_only_the_key_which_only_wraps_and_rotates(string name)
    {
        var deployment = Deployment.Load(name);
        var key = Assert.Single(deployment.Of("Microsoft.KeyVault/vaults/keys"));

        Assert.Empty(deployment.Of("Microsoft.KeyVault/vaults/secrets"));
        Assert.Equal(("RSA", "3072"), (key["properties.kty"], key["properties.keySize"]));
        Assert.Equal("false", key["properties.attributes.exportable"]);
        var properties = key.Json.GetProperty("properties");
        Assert.Equal(["wrapKey", "unwrapKey"], properties.GetProperty("keyOps").EnumerateArray().Select(static each => each.GetString()));
        var action = Assert.Single(properties.GetProperty("rotationPolicy").GetProperty("lifetimeActions").EnumerateArray());
        Assert.Equal("rotate", action.GetProperty("action").GetProperty("type").GetString());
        Assert.Equal("P1Y", action.GetProperty("trigger").GetProperty("timeAfterCreate").GetString());
        // A version that expires could no longer be used for new keys, and the server would not start with an empty ring.
        Assert.False(properties.GetProperty("attributes").TryGetProperty("exp", out _));
        Assert.False(properties.GetProperty("rotationPolicy").TryGetProperty("attributes", out var _));
    }

    [PredictedTheory]
    [MemberData(nameof(Deployment.All), MemberType = typeof(Deployment))]
    public void Every_app_encrypts_its_keys_with_the_newest_version(string name)
    {
        var deployment = Deployment.Load(name);
        var parts = Assert.Single(deployment.Of("Microsoft.KeyVault/vaults/keys")).Name.Split('/');

        Assert.All(deployment.AppSettings(), settings => Assert.Equal(
            $"https://{parts[0]}.vault.azure.net/keys/{parts[1]}",
            Deployed.Value(settings["RemoteMcp__DataProtection__KeyVaultKey"])));
    }

    // Azure keeps the name of a deleted vault for 90 days. Only a recovery can use it again.
    [PredictedTheory]
    [InlineData(Deployment.Minimal, "default")]
    [InlineData(Deployment.Full, "recover")]
    public void Deleted_vault_is_recovered_only_if_configured(string name, string mode) =>
        Assert.Equal(mode, Assert.Single(Deployment.Load(name).Of("Microsoft.KeyVault/vaults"))["properties.createMode"]);
}
