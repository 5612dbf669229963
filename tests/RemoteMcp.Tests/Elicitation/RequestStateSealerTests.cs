using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Elicitation;
using RemoteMcp.Storage;
using RemoteMcp.Tests.DataProtection;
using Xunit;

namespace RemoteMcp.Tests.Elicitation;

/// <summary>Tests that a client can return a sealed state, but cannot read or change it.</summary>
public sealed class RequestStateSealerTests : IDisposable
{
    private static readonly byte[] s_content = """{"answers":["yes"]}"""u8.ToArray();
    private static readonly BoundCall s_call = new(
        new("contoso", "ann", "vscode"), "tools/call", "delete", Arguments("""{"path":"a.txt","options":{"force":true,"depth":1}}"""));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly MemoryStateStore _store;
    private readonly FleetInstance _instance;
    private readonly RequestStateSealer _sealer;

    public RequestStateSealerTests()
    {
        _store = new MemoryStateStore(_time);
        _instance = new FleetInstance(_store, _time);
        _sealer = Sealer(_instance);
    }

    [Fact]
    public async Task Every_instance_can_open_a_sealed_state()
    {
        using var other = new FleetInstance(_store, _time);

        Assert.Equal(s_content, (await Sealer(other).OpenAsync(s_call, await SealAsync(), Cancel)).Content);
    }

    [Fact]
    public async Task A_client_cannot_read_a_sealed_state()
    {
        var token = await SealAsync();

        Assert.DoesNotContain("answers", Encoding.Latin1.GetString(Base64Url.DecodeFromChars(token)), StringComparison.Ordinal);
        Assert.NotEqual(token, await SealAsync());
    }

    [Fact]
    public async Task A_state_with_any_altered_bit_is_refused()
    {
        var bytes = Base64Url.DecodeFromChars(await SealAsync());
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(await OpenAsync(Base64Url.EncodeToString(bytes)));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public async Task A_state_with_any_altered_character_is_refused()
    {
        var token = await SealAsync();
        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in "A_z9")
            {
                if (token[i] != other)
                {
                    Assert.Null(await OpenAsync(string.Concat(token.AsSpan(0, i), [other], token.AsSpan(i + 1))));
                }
            }
        }
    }

    [Fact]
    public async Task A_truncated_state_is_refused()
    {
        var token = await SealAsync();
        for (var length = 0; length < token.Length; length++)
        {
            Assert.Null(await OpenAsync(token[..length]));
            Assert.Null(await OpenAsync(token[(length + 1)..]));
        }
    }

    [Theory]
    [InlineData("{0}A")]
    [InlineData("{0}AAAA")]
    [InlineData("{0}=")]
    [InlineData("{0}==")]
    [InlineData(" {0}")]
    [InlineData("{0}\n")]
    [InlineData("{0}{0}")]
    [InlineData("A{0}")]
    [InlineData("{0}-TAMPERED")]
    [InlineData("{0}\0")]
    public async Task A_state_with_added_characters_is_refused(string format) =>
        Assert.Null(await OpenAsync(format.Replace("{0}", await SealAsync(), StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"answers":["yes"]}""")]
    [InlineData("eyJhbnN3ZXJzIjpbInllcyJdfQ")]
    [InlineData("CfDJ8")]
    [InlineData("+/+/")]
    [InlineData("\uD800")]
    [InlineData("日本語")]
    public async Task Made_up_states_are_refused(string token) => Assert.Null(await OpenAsync(token));

    [Fact]
    public async Task Content_that_was_sealed_for_another_purpose_is_refused()
    {
        var plain = new byte[200];
        IDataProtector[] protectors =
        [
            _instance.Protection.CreateProtector("RemoteMcp.Elicitation.RequestState"),
            _instance.Protection.CreateProtector("RemoteMcp.Keys.FleetSecret", "v1"),
        ];
        foreach (var protector in protectors)
        {
            Assert.Null(await OpenAsync(Base64Url.EncodeToString(protector.Protect(plain))));
        }
    }

    [Fact]
    public async Task A_state_of_another_fleet_is_refused()
    {
        using var stranger = new FleetInstance(new MemoryStateStore(_time), _time);

        Assert.Null(await OpenAsync((await Sealer(stranger).TrySealAsync(s_call, s_content, Cancel))!));
    }

    [Fact]
    public async Task A_state_is_refused_for_every_other_call_or_caller()
    {
        var token = await SealAsync();
        BoundCall[] others =
        [
            s_call with { Caller = Caller.Local },
            s_call with { Caller = s_call.Caller with { Tenant = "fabrikam" } },
            s_call with { Caller = s_call.Caller with { User = "bob" } },
            s_call with { Caller = s_call.Caller with { Client = "cursor" } },
            s_call with { Method = "prompts/get" },
            s_call with { Name = "delete2" },
            s_call with { Name = "Delete" },
            s_call with { Arguments = [] },
            s_call with { Arguments = Arguments("""{"path":"b.txt","options":{"force":true,"depth":1}}""") },
            s_call with { Arguments = Arguments("""{"path":"a.txt","options":{"force":false,"depth":1}}""") },
            s_call with { Arguments = Arguments("""{"path":"a.txt","options":{"force":true,"depth":1},"more":null}""") },
            s_call with { Arguments = Arguments("""{"path":"a.txt","options":{"force":true}}""") },
            s_call with { Arguments = Arguments("""{"path":["a.txt"],"options":{"force":true,"depth":1}}""") },
            s_call with { Arguments = Arguments("""{"path":"a.txt","options":{"force":true,"depth":"1"}}""") },
            s_call with { Arguments = Arguments("""{"path":"a.txt","options":"{\"force\":true,\"depth\":1}"}""") },
        ];

        await Assert.AllAsync(others, async other => Assert.Null(await OpenAsync(token, other)));
        Assert.Equal(s_content, await OpenAsync(token));
    }

    [Fact]
    public async Task The_order_and_the_JSON_escapes_of_arguments_do_not_matter() => Assert.Equal(
        s_content,
        await OpenAsync(
            await SealAsync(),
            s_call with { Arguments = Arguments("""{"options":{"depth":1, "force":true},"p\u0061th":"\u0061.txt"}""") }));

    [Fact]
    public async Task A_state_expires()
    {
        var token = await SealAsync();

        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(s_content, await OpenAsync(token));
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Null(await OpenAsync(token));
    }

    [Fact]
    public async Task A_state_that_is_too_long_is_neither_sealed_nor_opened()
    {
        Assert.Null(await _sealer.TrySealAsync(s_call, new byte[RequestStateSealer.MaxLength], Cancel));
        Assert.Null(await OpenAsync(new string('A', RequestStateSealer.MaxLength + 4)));
        var longest = (await _sealer.TrySealAsync(s_call, new byte[48_000], Cancel))!;
        Assert.Equal(48_000, (await OpenAsync(longest))!.Length);
    }

    [Theory]
    [InlineData("00:00:59")]
    [InlineData("1.00:00:01")]
    [InlineData("-00:15:00")]
    public void A_lifetime_out_of_range_is_refused_with_the_remedy(string lifetime)
    {
        var result = new ElicitationOptionsValidator().Validate(
            null, new ElicitationOptions { StateLifetime = TimeSpan.Parse(lifetime, null) });

        Assert.Equal(
            $"RemoteMcp:Elicitation:StateLifetime is {lifetime}. Set it to a time from 00:01:00 to 1.00:00:00.", result.FailureMessage);
    }

    public void Dispose() => _instance.Dispose();

    private static KeyValuePair<string, JsonElement>[] Arguments(string json) =>
        [.. JsonDocument.Parse(json).RootElement.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value))];

    private RequestStateSealer Sealer(FleetInstance instance) => new(instance.Ring, Options.Create(new ElicitationOptions()), _time);

    private async Task<string> SealAsync() => (await _sealer.TrySealAsync(s_call, s_content, Cancel))!;

    private async Task<byte[]?> OpenAsync(string token, BoundCall? call = null) =>
        (await _sealer.OpenAsync(call ?? s_call, token, Cancel)).Content;
}
