using System.Xml.Linq;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RemoteMcp.DataProtection;
using RemoteMcp.Emulators.Azure;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.DataProtection;

/// <summary>Tests the key ring that is encrypted with a key in Key Vault.</summary>
public sealed class KeyVaultRingTests : EmulatedVault
{
    private static readonly byte[] s_content = "something to keep"u8.ToArray();

    [Fact]
    public async Task Stored_ring_contains_no_secret_and_another_instance_opens_it()
    {
        using var first = Instance();
        using var second = Instance();

        var content = await first.Protector.SealAsync(s_content, Cancel);

        Assert.Equal(s_content, await second.Protector.TryOpenAsync(content, Cancel));
        var row = Assert.Single(await RowsAsync());
        Assert.Equal($"{KeyUrl}/{Key.Versions[0].Id}", row.Descendants("keyVaultEnvelope").Single().Element("key")!.Value);
        Assert.DoesNotContain("<masterKey", row.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Version=", row.Descendants().Attributes("decryptorType").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_keys_use_the_newest_version_and_older_versions_still_decrypt()
    {
        byte[] old;
        using (var before = Instance())
        {
            old = await before.Protector.SealAsync(s_content, Cancel);
        }

        await ExpireAsync();
        var newest = Key.Rotate();
        using var after = Instance();
        await after.Protector.SealAsync(s_content, Cancel);

        var keys = (await RowsAsync()).ConvertAll(static row => row.Descendants("key").Last().Value);
        Assert.Equal([$"{KeyUrl}/{Key.Versions[0].Id}", $"{KeyUrl}/{newest.Id}"], keys);
        Assert.Equal(s_content, await after.Protector.TryOpenAsync(old, Cancel));
    }

    [Fact]
    public async Task Versioned_identifier_uses_exactly_that_version()
    {
        var pinned = Key.Versions[0].Id;
        Key.Rotate();
        using var instance = Instance($"{KeyUrl}/{pinned}");

        await instance.Protector.SealAsync(s_content, Cancel);

        Assert.Equal($"{KeyUrl}/{pinned}", Assert.Single(await RowsAsync()).Descendants("keyVaultEnvelope").Single().Element("key")!.Value);
    }

    [Fact]
    public async Task Plain_keys_are_encrypted_in_place_and_keep_their_values()
    {
        using var plain = PlainInstance();
        var content = await plain.Protector.SealAsync(s_content, Cancel);
        var secret = (await plain.Secrets.GetAsync("test", Cancel)).ToArray();
        Assert.Contains("<masterKey", Assert.Single(await RowsAsync()).ToString(), StringComparison.Ordinal);

        using var first = Instance();
        using var second = Instance();

        Assert.Equal(s_content, await first.Protector.TryOpenAsync(content, Cancel));
        Assert.Equal(secret, (await first.Secrets.GetAsync("test", Cancel)).ToArray());
        var row = Assert.Single(await RowsAsync()).ToString();
        Assert.DoesNotContain("<masterKey", row, StringComparison.Ordinal);
        Assert.DoesNotContain("unencrypted", row, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(s_content, await second.Protector.TryOpenAsync(content, Cancel));
        // An instance that started before still has the same key in memory.
        Assert.Equal(s_content, await plain.Protector.TryOpenAsync(await second.Protector.SealAsync(s_content, Cancel), Cancel));
    }

    [Fact]
    public async Task Plain_keys_stay_usable_while_the_vault_refuses_and_the_log_warns()
    {
        using var plain = PlainInstance();
        var content = await plain.Protector.SealAsync(s_content, Cancel);
        Cloud.Fail(AzureFault.Of(403, """{"error":{"code":"Forbidden","innererror":{"code":"ForbiddenByRbac"}}}"""));

        using var instance = Instance();

        Assert.Equal(s_content, await instance.Protector.TryOpenAsync(content, Cancel));
        Assert.Contains("<masterKey", Assert.Single(await RowsAsync()).ToString(), StringComparison.Ordinal);
        Assert.Contains(Log.Lines, static line => line.StartsWith("Warning", StringComparison.Ordinal)
            && line.Contains("could not encrypt them with Key Vault", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Vault_that_is_down_at_the_start_makes_the_instance_unready_and_creates_no_key()
    {
        byte[] content;
        using (var before = Instance())
        {
            content = await before.Protector.SealAsync(s_content, Cancel);
        }

        using var instance = Instance();
        // Each request is sent three times.
        Cloud.Fail(AzureFault.Of(503, ""), times: 6);

        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(
            async () => await instance.Protector.TryOpenAsync(content, Cancel));
        Assert.Contains("Key Vault answered 503", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Unhealthy, (await instance.HealthCheck.CheckHealthAsync(new(), Cancel)).Status);
        Assert.Single(await RowsAsync());

        Assert.Equal(s_content, await instance.Protector.TryOpenAsync(content, Cancel));
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task Running_instance_needs_no_vault()
    {
        using var instance = Instance();
        var content = await instance.Protector.SealAsync(s_content, Cancel);
        var requests = VaultRequests;

        Assert.Equal(s_content, await instance.Protector.TryOpenAsync(content, Cancel));
        Assert.Equal(HealthStatus.Healthy, (await instance.HealthCheck.CheckHealthAsync(new(), Cancel)).Status);
        Assert.Equal(requests, VaultRequests);
    }

    [Theory]
    [InlineData("ForbiddenByRbac", 403, "Key Vault Crypto Service Encryption User")]
    [InlineData("ForbiddenByFirewall", 403, "network rules")]
    [InlineData("Unauthorized", 401, "denied")]
    public async Task Vault_that_refuses_the_identity_is_explained(string code, int status, string says)
    {
        using var instance = Instance();
        Cloud.Fail(AzureFault.Of(
            status,
            """{"error":{"code":"Forbidden","innererror":{"code":"CODE"}}}""".Replace("CODE", code, StringComparison.Ordinal)));

        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(
            async () => await instance.Protector.SealAsync(s_content, Cancel));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Deleted_key_never_leads_to_a_plain_ring()
    {
        using var instance = Instance();
        Cloud.Keys.Clear();

        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(
            async () => await instance.Protector.SealAsync(s_content, Cancel));

        Assert.Contains("404 KeyNotFound", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Disabled_version_revokes_its_keys_and_the_newest_version_continues()
    {
        byte[] content;
        using (var before = Instance())
        {
            content = await before.Protector.SealAsync(s_content, Cancel);
        }

        Key.Versions[0].Enabled = false;
        Key.Rotate();
        using var after = Instance();

        Assert.Null(await after.Protector.TryOpenAsync(content, Cancel));
        Assert.Equal(s_content, await after.Protector.TryOpenAsync(await after.Protector.SealAsync(s_content, Cancel), Cancel));
        Assert.Contains(Log.Lines, static line => line.Contains("can no longer decrypt a key of the ring", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Removed_setting_is_reported_and_creates_no_plain_key()
    {
        using (var before = Instance())
        {
            await before.Protector.SealAsync(s_content, Cancel);
        }

        using var plain = PlainInstance();
        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(async () => await plain.Protector.SealAsync(s_content, Cancel));

        Assert.Contains("RemoteMcp:DataProtection:KeyVaultKey is not set", refusal.Message, StringComparison.Ordinal);
        Assert.Single(await RowsAsync());
    }

    [Theory]
    [InlineData("https://attacker.vault.azure.net/keys/ring/0123456789abcdef0123456789abcdef")]
    [InlineData("https://attacker.example/keys/ring/0123456789abcdef0123456789abcdef")]
    [InlineData("https://localhost:1/keys/ring/0123456789abcdef0123456789abcdef")]
    [InlineData("")]
    public async Task Token_is_not_sent_to_a_vault_that_only_a_row_names(string key)
    {
        using (var before = Instance())
        {
            await before.Protector.SealAsync(s_content, Cancel);
        }

        await ChangeAsync(envelope => envelope.Element("key")!.Value = key);
        var requests = VaultRequests;
        using var after = Instance();

        var refusal = await Assert.ThrowsAsync<StateUnavailableException>(async () => await after.Protector.SealAsync(s_content, Cancel));
        Assert.Contains("RemoteMcp:DataProtection:KeyVaultKey", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(requests, VaultRequests);
    }

    [Theory]
    [InlineData("content", null)]
    [InlineData("content", "nonce")]
    [InlineData("content", "tag")]
    [InlineData("wrappedKey", null)]
    public async Task Altered_envelope_is_refused(string element, string? attribute)
    {
        byte[] content;
        using (var before = Instance())
        {
            content = await before.Protector.SealAsync(s_content, Cancel);
        }

        await ChangeAsync(envelope =>
        {
            var part = envelope.Element(element)!;
            var bytes = Convert.FromBase64String(attribute is null ? part.Value : part.Attribute(attribute)!.Value);
            bytes[0] ^= 1;
            if (attribute is null)
            {
                part.Value = Convert.ToBase64String(bytes);
            }
            else
            {
                part.SetAttributeValue(attribute, Convert.ToBase64String(bytes));
            }
        });
        using var after = Instance();

        Assert.Null(await after.Protector.TryOpenAsync(content, Cancel));
    }

    private async Task<List<XElement>> RowsAsync() =>
        (await Store.QueryAsync(KeyRows.Table, KeyRows.Ring, default, Cancel).ToListAsync(Cancel)).ConvertAll(static row =>
            XElement.Parse(row.Body.ToObjectFromJson<Dictionary<string, string>>()!["Xml"]));

    private Task ChangeAsync(Action<XElement> change) => ChangeRowAsync(row => change(row.Descendants("keyVaultEnvelope").Single()));

    /// <summary>Lets the key expire, as it does after 90 days. Data Protection has its own clock, which a test cannot change.</summary>
    private Task ExpireAsync() =>
        ChangeRowAsync(static row => row.Element("expirationDate")!.Value = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("O"));

    private async Task ChangeRowAsync(Action<XElement> change)
    {
        var row = (await Store.QueryAsync(KeyRows.Table, KeyRows.Ring, default, Cancel).ToListAsync(Cancel)).Single();
        var body = row.Body.ToObjectFromJson<Dictionary<string, string>>()!;
        var key = XElement.Parse(body["Xml"]);
        change(key);
        body["Xml"] = key.ToString(SaveOptions.DisableFormatting);
        Assert.NotNull(await Store.TryReplaceAsync(row.Key, row.ETag, BinaryData.FromObjectAsJson(body), KeyRows.Never, Cancel));
    }
}
