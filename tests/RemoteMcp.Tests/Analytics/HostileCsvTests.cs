using System.IO.Pipes;
using System.Text;
using RemoteMcp.Tools.Analytics.Import;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>
/// Tests damaged and malicious files. The import counts the lines that it can read, and reports the number of each other line.
/// </summary>
public sealed class HostileCsvTests : IDisposable
{
    private const string Header = AnalyticsBench.Header;
    private const string Good = "2026-03-01,revenue,10,DE,pro\n";

    private readonly AnalyticsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("2026-03-01,revenue,1,\"DE,pro", "quote")]
    [InlineData("2026-03-01,revenue,1,\"DE\"x,pro", "closing quote")]
    [InlineData("2026-03-01,revenue,1,D\"E,pro", "quote")]
    [InlineData("2026-03-01,revenue,1,\"DE", "quote")]
    [InlineData("2026-03-01,revenue", "cells than the header")]
    [InlineData("2026-03-01,revenue,1,DE,pro,extra", "cells than the header")]
    [InlineData("2026-03-01;revenue;1;DE;pro", "cells than the header")]
    [InlineData(",,,,", "timestamp")]
    [InlineData("yesterday,revenue,1,DE,pro", "ISO 8601")]
    [InlineData("1999-12-31,revenue,1,DE,pro", "2000-01-01 to 2099-12-31")]
    [InlineData("2100-01-01,revenue,1,DE,pro", "2000-01-01 to 2099-12-31")]
    [InlineData("2026-03-01,,1,DE,pro", "metric")]
    [InlineData("2026-03-01,../revenue,1,DE,pro", "metric")]
    [InlineData("2026-03-01,rev~enue,1,DE,pro", "metric")]
    [InlineData("2026-03-01,rev#enue?,1,DE,pro", "metric")]
    [InlineData("2026-03-01,=revenue(),1,DE,pro", "metric")]
    [InlineData("2026-03-01,révenue,1,DE,pro", "metric")]
    [InlineData("2026-03-01,revenue,,DE,pro", "value")]
    [InlineData("2026-03-01,revenue,=1+1,DE,pro", "value")]
    [InlineData("2026-03-01,revenue,NaN,DE,pro", "value")]
    [InlineData("2026-03-01,revenue,1e400,DE,pro", "value")]
    [InlineData("2026-03-01,revenue,99999999999999999999999999999999999999999999999999,DE,pro", "value")]
    [InlineData("2026-03-01,revenue,1,D\0E,pro", "control character")]
    [InlineData("2026-03-01,revenue,1,D\u001B[2JE,pro", "control character")]
    [InlineData(
        "2026-03-01,revenue,1,0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x,pro",
        "at most 100")]
    public async Task Bad_line_is_reported_with_its_number_and_the_other_lines_count(string line, string problem)
    {
        var report = await _bench.ImportAsync($"{Header}{Good}{line}\n{Good}");

        var bad = Assert.Single(report.Bad.First);
        Assert.Equal(3, bad.Line);
        Assert.Contains(problem, bad.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(bad.Problem, char.IsControl);
        Assert.Equal(ImportOutcome.Imported, report.Outcome);
        Assert.Equal((20m, 2L), await TotalAsync());
    }

    [Theory]
    [InlineData("2026-03-01,revenue,10,DE,pro\n", "a column '2026-03-01'")]
    [InlineData("timestamp,value,country\n", "no column 'metric'")]
    [InlineData("timestamp;metric;value\n", "separated by commas")]
    [InlineData("timestamp,metric,value,country,Country\n", "'country' twice")]
    [InlineData("timestamp,metric,value,value\n", "'value' twice")]
    [InlineData("timestamp,metric,value,\n", "a column ''")]
    [InlineData("timestamp,metric,value,day\n", "cannot be a dimension's name")]
    [InlineData("timestamp,metric,value,a/b\n", "a column 'a/b'")]
    [InlineData("timestamp,metric,value,a~b\n", "a column 'a~b'")]
    [InlineData("timestamp,metric,value,\"a\nb\"\n", "header")]
    [InlineData("timestamp,metric,value,\u202Eyrtnuoc\n", "\\u202E")]
    [InlineData("timestamp,metric,value,d1,d2,d3,d4,d5,d6,d7,d8,d9,d10,d11,d12,d13,d14,d15,d16,d17\n", "17 dimensions")]
    public async Task Invalid_or_ambiguous_header_stops_the_import(string header, string problem)
    {
        var error = await Assert.ThrowsAsync<ImportException>(() => _bench.ImportAsync(header + Good));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Null(await _bench.SumAsync("revenue"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\n")]
    [InlineData("\uFEFF")]
    public async Task An_empty_file_stops_the_import(string content) =>
        Assert.Contains(
            "no column 'timestamp', 'metric', 'value'",
            (await Assert.ThrowsAsync<ImportException>(() => _bench.ImportAsync(content))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Folder_cannot_be_imported() => Assert.Contains(
        "is a folder",
        (await Assert.ThrowsAsync<ImportException>(() => _bench.ImportFileAsync(Path.GetDirectoryName(_bench.Write("x"))!))).Message,
        StringComparison.Ordinal);

    [Fact]
    public async Task Pipe_gets_its_own_error_because_it_cannot_be_read_twice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var pipe = new AnonymousPipeServerStream(PipeDirection.In);
        await using (var writer = new AnonymousPipeClientStream(PipeDirection.Out, pipe.ClientSafePipeHandle))
        {
            await writer.WriteAsync(Encoding.UTF8.GetBytes(Header + Good), TestContext.Current.CancellationToken);
        }

        var error = await Assert.ThrowsAsync<ImportException>(
            () => _bench.ImportFileAsync($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}"));

        Assert.Contains("is a pipe", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/urandom")]
    public async Task Endless_device_is_refused_at_once(string device)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // No devices in the file system.
        }

        var error = await Assert.ThrowsAsync<ImportException>(() => _bench.ImportFileAsync(device));

        Assert.Contains("is a pipe or a device, and not a regular file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_of_more_than_10_GiB_is_refused()
    {
        var path = Path.GetTempFileName();
        try
        {
            // The file has a hole, and takes no space.
            await using (var file = File.OpenWrite(path))
            {
                file.SetLength((10L << 30) + 1);
            }

            var error = await Assert.ThrowsAsync<ImportException>(() => _bench.ImportFileAsync(path));

            Assert.Contains("is longer than 10 GiB", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_file_without_events_does_not_count() =>
        Assert.Equal(ImportOutcome.Refused, (await _bench.ImportAsync(Header)).Outcome);

    [Theory]
    [InlineData("2026-03-01,revenue,1,=cmd|' /C calc'!A0,pro")]
    [InlineData("2026-03-01,revenue,1,@SUM(A1),pro")]
    [InlineData("2026-03-01,revenue,1,\"-2+3,\"\"x\"\"\",pro")]
    [InlineData("2026-03-01,revenue,1,<script>alert(1)</script>,pro")]
    [InlineData("2026-03-01,revenue,1,\u202Eevil,pro")]
    public async Task Value_that_another_program_would_run_is_imported_as_data(string line)
    {
        var report = await _bench.ImportAsync($"{Header}{line}\n");

        Assert.Equal(0, report.Bad.Count);
        Assert.Equal((1m, 1L), await TotalAsync());
    }

    [Fact]
    public async Task Endless_line_stops_the_import_in_bounded_memory()
    {
        var error = await Assert.ThrowsAsync<ImportException>(() => _bench.ImportAsync($"{Header}{Good}{new string('x', 5_000_000)}"));

        Assert.Contains("line 3: is longer than 64 KiB", error.Message, StringComparison.Ordinal);
        Assert.Null(await _bench.SumAsync("revenue"));
    }

    [Fact]
    public async Task Endless_header_stops_the_import() =>
        Assert.Contains(
            "longer than 64 KiB",
            (await Assert.ThrowsAsync<ImportException>(() => _bench.ImportAsync(new string('x', 1_000_000)))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task Line_that_is_not_UTF_8_is_skipped()
    {
        var latin = Encoding.Latin1.GetBytes($"{Header}{Good}2026-03-01,revenue,1,Österreich,pro\n{Good}");

        var report = await _bench.ImportFileAsync(_bench.Write(latin));

        Assert.Equal((3L, "is not UTF-8. Save the file as UTF-8."), (report.Bad.First.Single().Line, report.Bad.First.Single().Problem));
        Assert.Equal((20m, 2L), await TotalAsync());
    }

    [Theory]
    [InlineData("utf-8", "\n")]
    [InlineData("utf-8", "\r\n")]
    [InlineData("utf-16", "\r\n")]
    [InlineData("utf-16BE", "\n")]
    public async Task Byte_order_marks_blank_lines_and_all_line_endings_are_accepted(string encoding, string newLine)
    {
        var marked = Encoding.GetEncoding(encoding);
        var text = $" Timestamp , METRIC,value,country,plan\n\n2026-03-01, Revenue , 10 , Österreich ,\n\n{Good}";
        byte[] content = [.. marked.GetPreamble(), .. marked.GetBytes(text.ReplaceLineEndings(newLine))];

        var report = await _bench.ImportFileAsync(_bench.Write(content));

        Assert.Equal(0, report.Bad.Count);
        Assert.Equal((20m, 2L), await TotalAsync());
        Assert.Equal(["DE", "Österreich"], (await _bench.SumAsync("revenue", "country"))!.Groups.Select(group => group.Value));
    }

    [Fact]
    public async Task First_bad_lines_are_listed_and_all_bad_lines_are_counted()
    {
        var report = await _bench.ImportAsync(Header + string.Concat(Enumerable.Repeat("x,revenue,1,DE,pro\n", 5000)) + Good);

        Assert.Equal((5000, BadLines.MaxShown), (report.Bad.Count, report.Bad.First.Count));
        Assert.Equal((10m, 1L), await TotalAsync());
    }

    [Fact]
    public async Task Lines_of_metrics_beyond_the_limit_are_bad()
    {
        var report = await _bench.ImportAsync(Header + string.Concat(Enumerable.Range(0, 102).Select(i => $"2026-03-01,m{i},1,DE,pro\n")));

        Assert.Equal([102L, 103L], report.Bad.First.Select(bad => bad.Line));
        Assert.Equal(100, report.Import.Metrics.Count);
    }

    [Fact]
    public async Task Values_beyond_the_limit_are_merged()
    {
        var report = await _bench.ImportAsync(
            Header + string.Concat(Enumerable.Range(0, 1500).Select(i => $"2026-03-0{1 + (i % 9)},revenue,1,user{i},pro\n")));

        var answer = (await _bench.SumAsync("revenue", "country"))!;
        Assert.Equal(["revenue by country"], report.Merged);
        Assert.Equal(
            (1000, 500L, 0L, 1500L),
            (answer.Groups.Count, answer.Merged.Current.Events, answer.WithoutValue.Current.Events, answer.Total.Current.Events));
    }

    private async Task<(decimal, long)> TotalAsync()
    {
        var total = (await _bench.SumAsync("revenue"))!.Total.Current;
        return (total.Sum, total.Events);
    }
}
