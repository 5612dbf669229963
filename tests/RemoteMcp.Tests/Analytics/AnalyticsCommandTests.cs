using System.CommandLine;
using RemoteMcp.Cli.Commands;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>remote-mcp analytics, up to the storage; the end-to-end tests have the rest.</summary>
public sealed class AnalyticsCommandTests : IDisposable
{
    private const string Good = AnalyticsBench.Header + "2026-03-01,revenue,1,DE,pro\n";

    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("import", "FILE")]
    [InlineData("list")]
    [InlineData("remove", "0123456789ab")]
    public async Task Storage_that_no_server_shares_is_refused_with_what_to_set(params string[] command)
    {
        var (exit, output, error) = await RunAsync([.. command.Select(word => word == "FILE" ? _bench.Write(Good) : word), "--set", "RemoteMcp:Storage:Provider=Memory"]);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("--set RemoteMcp:Storage:TableEndpoint=https://", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_needs_no_storage_and_says_what_it_would_do()
    {
        var (exit, output, error) = await RunAsync("import", _bench.Write(Good), "--dry-run");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("Nothing was imported. The import would contain 1 event of revenue, 2026-03-01", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_and_the_line_numbers_tell_of_bad_lines()
    {
        var (exit, _, error) = await RunAsync("import", _bench.Write(Good + "x,y,z,,\n2026-03-01,revenue,a lot,DE,pro\n"), "--dry-run");

        Assert.Equal(2, exit);
        Assert.Contains("line 3: timestamp:", error, StringComparison.Ordinal);
        Assert.Contains("line 4: value:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RemoteMcp:Analytics:TimeZone=Mars", "RemoteMcp:Analytics:TimeZone is 'Mars'")]
    [InlineData("RemoteMcp:Analytics:TimeZone=../localtime", "RemoteMcp:Analytics:TimeZone is '../localtime'")]
    [InlineData("RemoteMcp:Analytics:Zone=UTC", "Zone")]
    [InlineData("RemoteMcp:Storage:Provider=Disk", "RemoteMcp:Storage:Provider is 'Disk'")]
    public async Task A_wrong_setting_is_named(string setting, string told)
    {
        var (exit, _, error) = await RunAsync("import", _bench.Write(Good), "--set", setting);

        Assert.Equal(1, exit);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var (exit, _, error) = await RunAsync("import", "/no/such/data.csv");

        Assert.NotEqual(0, exit);
        Assert.Contains("/no/such/data.csv", error, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int exit = await AnalyticsCommand.Create().Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
