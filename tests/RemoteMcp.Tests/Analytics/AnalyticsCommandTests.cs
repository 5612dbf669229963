using System.CommandLine;
using RemoteMcp.Cli.Commands;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Tests <c>remote-mcp analytics</c> without a storage. The end-to-end tests use a storage.</summary>
public sealed class AnalyticsCommandTests : IDisposable
{
    private const string Good = AnalyticsBench.Header + "2026-03-01,revenue,1,DE,pro\n";

    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("import", "FILE")]
    [InlineData("list")]
    [InlineData("remove", "0123456789ab")]
    public async Task Unshared_storage_is_refused_with_the_setting_to_use(params string[] command)
    {
        var (exit, output, error) = await RunAsync(
            [.. command.Select(word => word == "FILE" ? _bench.Write(Good) : word), "--set", "RemoteMcp:Storage:Provider=Memory"]);

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("--set RemoteMcp:Storage:TableEndpoint=https://", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dry_run_needs_no_storage_and_reports_what_it_would_import()
    {
        var (exit, output, error) = await RunAsync("import", _bench.Write(Good), "--dry-run");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("Nothing was imported. The import would contain 1 event of revenue, 2026-03-01", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_lines_are_reported_by_exit_code_and_line_numbers()
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
    public async Task Invalid_setting_is_reported(string setting, string told)
    {
        var (exit, _, error) = await RunAsync("import", _bench.Write(Good), "--set", setting);

        Assert.Equal(1, exit);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_file_is_reported_with_its_path()
    {
        var (exit, _, error) = await RunAsync("import", "/no/such/data.csv");

        Assert.NotEqual(0, exit);
        Assert.Contains("/no/such/data.csv", error, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var exit = await AnalyticsCommand.Create().Parse(arguments)
            .InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
