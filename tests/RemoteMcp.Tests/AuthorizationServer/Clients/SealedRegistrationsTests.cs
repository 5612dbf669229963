using System.Buffers.Text;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.Storage;
using RemoteMcp.Tests.DataProtection;
using RemoteMcp.Tests.Storage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Clients;

/// <summary>Tests that only a client id which this fleet issued is accepted, and only in its one spelling.</summary>
public sealed class SealedRegistrationsTests : IDisposable
{
    private static readonly FakeTimeProvider s_time = new(DateTimeOffset.UtcNow);

    private readonly FleetInstance _instance = new(new MemoryStateStore(s_time));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _instance.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("registration.")]
    [InlineData("registration.AAAA")]
    [InlineData("registration.not base64url")]
    [InlineData("registration.{\"n\":\"x\",\"r\":[\"http://127.0.0.1/\"],\"t\":0}")]
    [InlineData("REGISTRATION.AAAA")]
    public async Task Invented_client_id_is_unknown(string clientId) =>
        Assert.Null(await new ClientResolver(null!, Registrations()).FindAsync(clientId, Cancel));

    [Fact]
    public async Task Every_changed_character_makes_the_client_id_unknown()
    {
        var clientId = await SealAsync();

        for (var index = SealedRegistrations.Prefix.Length; index < clientId.Length; index++)
        {
            var changed = clientId.ToCharArray();
            changed[index] = changed[index] == 'A' ? 'B' : 'A';
            Assert.Null(await Registrations().TryOpenAsync(new string(changed), Cancel));
        }
    }

    [Fact]
    public async Task Every_truncated_client_id_is_unknown()
    {
        var clientId = await SealAsync();

        for (var length = SealedRegistrations.Prefix.Length; length < clientId.Length; length++)
        {
            Assert.Null(await Registrations().TryOpenAsync(clientId[..length], Cancel));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("AAAA")]
    public async Task Client_id_has_one_spelling(string suffix)
    {
        var clientId = await SealAsync();

        Assert.Equal(suffix.Length == 0, await Registrations().TryOpenAsync(clientId + suffix, Cancel) is not null);
        Assert.Null(await Registrations().TryOpenAsync(clientId.Insert(20, " "), Cancel));
    }

    [Fact]
    public async Task Unused_bits_of_the_last_character_cannot_make_another_spelling()
    {
        // Three lengths of the name give the three possible lengths of the encoding.
        for (var length = 1; length <= 3; length++)
        {
            var clientId = await SealAsync(new string('x', length));
            var last = Convert.ToInt32(Base64Url.DecodeFromChars($"{clientId[^1]}AAA")[0]) >> 2;
            for (var bits = 0; bits < 64; bits++)
            {
                var other = Base64Url.EncodeToString([(byte)(bits << 2)])[0];
                Assert.Equal(bits == last, await Registrations().TryOpenAsync(clientId[..^1] + other, Cancel) is not null);
            }
        }
    }

    [Fact]
    public async Task Client_id_of_another_fleet_is_unknown()
    {
        using var other = new FleetInstance(new MemoryStateStore(s_time));

        Assert.Null(await new SealedRegistrations(other.Ring, TestClients.Policy()).TryOpenAsync(await SealAsync(), Cancel));
    }

    [Fact]
    public async Task Content_that_was_sealed_for_another_purpose_is_unknown()
    {
        var content = """{"n":"x","r":["http://127.0.0.1/"],"t":0}"""u8.ToArray();
        var sealedContent = await _instance.Ring.Protector("RemoteMcp.Other").SealAsync(content, Cancel);

        Assert.Null(await Registrations().TryOpenAsync(SealedRegistrations.Prefix + Base64Url.EncodeToString(sealedContent), Cancel));
    }

    [Fact]
    public async Task Two_registrations_of_the_same_client_have_different_keys()
    {
        var first = await Registrations().TryOpenAsync(await SealAsync(), Cancel);
        var second = await Registrations().TryOpenAsync(await SealAsync(), Cancel);

        Assert.NotEqual(first!.Key, second!.Key);
    }

    [Fact]
    public async Task Redirect_that_the_operator_removed_is_no_longer_allowed()
    {
        var clientId = await SealAsync(redirects: ["https://claude.ai/api/mcp/auth_callback", TestClients.Redirect]);
        var onlyClaude = await SealAsync(redirects: "https://claude.ai/api/mcp/auth_callback");
        var stricter = new SealedRegistrations(_instance.Ring, TestClients.Policy("tools.contoso.com"));

        Assert.Equal([TestClients.Redirect], (await stricter.TryOpenAsync(clientId, Cancel))!.RedirectUris);
        var refusal = await Assert.ThrowsAsync<ClientRefusedException>(async () => await stricter.TryOpenAsync(onlyClaude, Cancel));
        Assert.Contains("claude.ai", refusal.Message);
    }

    [Fact]
    public async Task Storage_outage_is_not_reported_as_an_unknown_client()
    {
        var clientId = await SealAsync();
        using var instance = new FleetInstance(new ControlledStore(new MemoryStateStore(s_time)) { Before = ControlledStore.Down });
        var registrations = new SealedRegistrations(instance.Ring, TestClients.Policy());

        await Assert.ThrowsAsync<StateUnavailableException>(async () => await registrations.TryOpenAsync(clientId, Cancel));
    }

    private SealedRegistrations Registrations() => new(_instance.Ring, TestClients.Policy());

    private async Task<string> SealAsync(string name = "Inspector", params string[] redirects) =>
        (await Registrations().TrySealAsync(new Registration(name, redirects is [] ? [TestClients.Redirect] : redirects, 0), Cancel))!;
}
