using System.Text;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>Tests that all instances share the exchanged tokens of a caller, in encrypted form and only for the same caller.</summary>
[Collection(nameof(NonParallel))]
public sealed class TokenCacheTests : CloudSignIn
{
    // The cache waits for its storage only briefly. On a busy machine, that time can end before the storage in memory has answered.
    protected override TimeProvider Time { get; } = new TimeProviderWithoutTimers();

    [Fact]
    public async Task Entra_gets_one_request_for_all_calls_on_all_instances()
    {
        await using var other = await StartServerAsync(Settings);
        var token = await SignInAsync(Sample.Adele);
        var before = Exchanges;

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("Adele Vance", (await CallAsync(token)).Name);
            Assert.Equal("Adele Vance", (await CallAsync(token, server: other)).Name);
        }

        Assert.Equal(1, Exchanges - before);
    }

    [Fact]
    public async Task Caller_never_gets_a_token_for_another_caller()
    {
        var (adele, megan) = (await SignInAsync(Sample.Adele), await SignInAsync(Sample.Megan));
        await using var other = await StartServerAsync(Settings);

        Assert.Equal("Adele Vance", (await CallAsync(adele)).Name);
        Assert.Equal("Megan Bowen", (await CallAsync(megan)).Name);
        Assert.Equal("Megan Bowen", (await CallAsync(megan, server: other)).Name);
        Assert.Equal("Adele Vance", (await CallAsync(adele, server: other)).Name);

        Assert.Equal(2, Store.Tokens.Select(static key => key.Partition).Distinct().Count());
    }

    [Fact]
    public async Task Each_token_of_the_same_user_is_exchanged_separately()
    {
        DemandSecondFactor();
        Assert.Equal("Adele Vance", (await CallAsync(await SignInAsync(Sample.Adele, secondFactor: true))).Name);

        Assert.True((await CallAsync(await SignInAsync(Sample.Adele))).IsError);
    }

    [Fact]
    public async Task Rows_contain_no_token_in_plain_text()
    {
        var token = await SignInAsync(Sample.Adele);
        await CallAsync(token);

        Assert.NotEmpty(Store.Tokens);
        // Every token of the emulator has the same beginning, and MSAL's cache contains the names of its parts. Shorter texts could
        // occur in encrypted rows by chance.
        string[] traces = ["AccessToken", .. Traces(token[..40]), .. Traces("\"AccessToken\":{")];
        Assert.DoesNotContain(Store.Written, row => traces.Any(trace => row.Body.ToString().Contains(trace, StringComparison.Ordinal)));
        Assert.DoesNotContain(Store.Tokens, key => key.Partition.Contains(Sample.Adele.ObjectId, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Row_that_cannot_be_decrypted_counts_as_missing()
    {
        var token = await SignInAsync(Sample.Adele);
        await CallAsync(token);
        var row = Assert.Single(Store.Tokens);
        var found = (await Store.FindAsync(row, Cancelled))!;
        await Store.TryReplaceAsync(row, found.ETag, BinaryData.FromObjectAsJson("bm8ga2V5IG9wZW5zIHRoaXM"), found.ExpiresAt, Cancelled);
        await using var other = await StartServerAsync(Settings);

        Assert.Equal("Adele Vance", (await CallAsync(token, server: other)).Name);
    }

    [Fact]
    public async Task Call_succeeds_without_the_cache_when_storage_is_down()
    {
        var token = await SignInAsync(Sample.Adele);
        Store.IsDown = true;

        Assert.Equal("Adele Vance", (await CallAsync(token)).Name);
    }

    [Fact]
    public async Task Unresponsive_storage_delays_a_call_only_briefly()
    {
        await using var impatient = await StartServerAsync(Settings, TimeProvider.System);
        var token = await SignInAsync(Sample.Adele);
        Store.TokensHang = true;

        // The HTTP client of the test has a timeout of one minute.
        Assert.Equal("Adele Vance", (await CallAsync(token, server: impatient)).Name);
    }

    // Returns the text, and its forms at each possible position in a Base64 text.
    private static IEnumerable<string> Traces(string text) =>
        [text, .. Enumerable.Range(0, 3).Select(start => Convert.ToBase64String(Encoding.UTF8.GetBytes(text[start..])[..12]))];
}
