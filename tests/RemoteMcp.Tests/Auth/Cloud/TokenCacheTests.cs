using System.Text;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>What was exchanged once is there for every instance, for the same caller, and for nobody's eyes.</summary>
[Collection(nameof(AloneInProcess))]
public sealed class TokenCacheTests : CloudSignIn
{
    // The cache waits for its storage only briefly, and on a busy machine that time is over before the storage in memory has answered.
    protected override TimeProvider Time { get; } = new PatientTime();

    [Fact]
    public async Task Entra_is_asked_once_for_all_calls_on_all_instances()
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
    public async Task Nobody_gets_what_was_exchanged_for_somebody_else()
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
    public async Task Another_token_of_the_same_person_is_exchanged_for_itself()
    {
        DemandSecondFactor();
        Assert.Equal("Adele Vance", (await CallAsync(await SignInAsync(Sample.Adele, secondFactor: true))).Name);

        Assert.True((await CallAsync(await SignInAsync(Sample.Adele))).IsError);
    }

    [Fact]
    public async Task No_row_has_a_token_in_the_clear()
    {
        var token = await SignInAsync(Sample.Adele);
        await CallAsync(token);

        Assert.NotEmpty(Store.Tokens);
        // Every token of the emulator begins as this one does, and MSAL's cache names its parts. Shorter texts are in sealed rows by chance.
        string[] traces = ["AccessToken", .. Traces(token[..40]), .. Traces("\"AccessToken\":{")];
        Assert.DoesNotContain(Store.Written, row => traces.Any(trace => row.Body.ToString().Contains(trace, StringComparison.Ordinal)));
        Assert.DoesNotContain(Store.Tokens, key => key.Partition.Contains(Sample.Adele.ObjectId, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_row_that_no_key_opens_counts_as_missing()
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
    public async Task A_storage_that_is_down_costs_the_cache_and_not_the_call()
    {
        var token = await SignInAsync(Sample.Adele);
        Store.IsDown = true;

        Assert.Equal("Adele Vance", (await CallAsync(token)).Name);
    }

    [Fact]
    public async Task A_storage_that_does_not_answer_holds_a_call_up_for_a_moment_only()
    {
        await using var impatient = await StartServerAsync(Settings, TimeProvider.System);
        var token = await SignInAsync(Sample.Adele);
        Store.TokensHang = true;

        // Bounded by the client of the test at a minute.
        Assert.Equal("Adele Vance", (await CallAsync(token, server: impatient)).Name);
    }

    // As it is, and as it is somewhere within a Base64 text.
    private static IEnumerable<string> Traces(string text) =>
        [text, .. Enumerable.Range(0, 3).Select(start => Convert.ToBase64String(Encoding.UTF8.GetBytes(text[start..])[..12]))];
}
