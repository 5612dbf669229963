using System.Globalization;
using CsCheck;
using RemoteMcp.Storage;
using RemoteMcp.Tools.Analytics.Import;
using RemoteMcp.Tools.Analytics.Store;
using Xunit;

namespace RemoteMcp.Tests.Analytics;

/// <summary>
/// Tests that a file counts once and completely, even if it is imported again, an import is killed, or two imports run at the same time.
/// </summary>
public sealed class ImportIdempotenceTests
{
    private const int Iterations = 60;

    private static readonly string[] s_metrics = ["revenue", "signups"];
    private static readonly string[] s_countries = ["DE", "US", "FR", ""];

    private static readonly Gen<Event[]> s_events = Gen.Select(
        Gen.Int[0, 70], Gen.Int[0, 1], Gen.Int[-99_999, 99_999], Gen.Int[0, 3],
        (day, metric, cents, country) => new Event(
            new DateOnly(2026, 1, 1).AddDays(day), s_metrics[metric], cents / 100m, s_countries[country])).Array[1, 60];

    private sealed record Event(DateOnly Day, string Metric, decimal Value, string Country);

    [Fact]
    public Task Killed_import_counts_nothing_and_a_second_run_counts_each_event_once() =>
        Gen.Select(s_events, Gen.Int[0, 12].Array[1, 3], Gen.Bool).SampleAsync(async (events, crashes, applied) =>
        {
            using var bench = new AnalyticsBench();
            var file = bench.Write(Csv(events));
            foreach (var writes in crashes)
            {
                var crashing = new CrashingStore(bench.Store, writes, applied);
                try
                {
                    await bench.ImportFileAsync(file, store: crashing);
                }
                catch (StateUnavailableException)
                {
                    await AssertAllOrNothingAsync(bench, events);
                }
            }

            await bench.ImportFileAsync(file);
            Assert.Equal(ImportOutcome.AlreadyImported, (await bench.ImportFileAsync(file)).Outcome);

            await AssertCountsAsync(bench, events);
        }, iter: Iterations, threads: 1);

    [Fact]
    public Task Concurrent_imports_count_each_file_once() =>
        Gen.Select(s_events, s_events).Where((first, second) => Csv(first) != Csv(second)).SampleAsync(async (first, second) =>
        {
            using var bench = new AnalyticsBench();
            string[] files =
            [
                bench.Write(Csv(first)), bench.Write(Csv(second)), bench.Write(Csv(first)), bench.Write(Csv(second)),
                bench.Write(Csv(first)),
            ];

            var reports = await Task.WhenAll(files.Select(file => Task.Run(() => bench.ImportFileAsync(file))));

            Assert.Equal(2, reports.Count(report => report.Outcome == ImportOutcome.Imported));
            await AssertCountsAsync(bench, [.. first, .. second]);
        }, iter: Iterations, threads: 1);

    [Fact]
    public Task Removed_import_no_longer_counts_and_can_be_imported_again() =>
        Gen.Select(s_events, s_events).Where((first, second) => Csv(first) != Csv(second)).SampleAsync(async (first, second) =>
        {
            using var bench = new AnalyticsBench();
            var report = await bench.ImportAsync(Csv(first));
            await bench.ImportAsync(Csv(second));

            await bench.RemoveAsync(report.Id[..12]);
            await AssertCountsAsync(bench, second);

            Assert.Equal(ImportOutcome.Imported, (await bench.ImportAsync(Csv(first))).Outcome);
            await AssertCountsAsync(bench, [.. first, .. second]);
        }, iter: Iterations, threads: 1);

    [Fact]
    public async Task Changed_time_zone_does_not_allow_a_second_import_of_a_file()
    {
        using var bench = new AnalyticsBench();
        var file = bench.Write(AnalyticsBench.Header + "2026-03-01T12:00:00Z,revenue,1,DE,pro\n2026-03-01T23:30:00Z,revenue,2,DE,pro\n");
        await Assert.ThrowsAsync<StateUnavailableException>(
            () => bench.ImportFileAsync(file, store: new CrashingStore(bench.Store, 1, lastIsApplied: false)));

        bench.Options.TimeZone = "Europe/Berlin";
        await bench.ImportFileAsync(file);
        bench.Options.TimeZone = "UTC";
        var again = await bench.ImportFileAsync(file);

        Assert.Equal((ImportOutcome.AlreadyImported, "Europe/Berlin"), (again.Outcome, again.Import.TimeZone));
        // The rows from the killed import in UTC do not count.
        Assert.Equal(
            [(new DateOnly(2026, 3, 1), new Amount(1, 1)), (new DateOnly(2026, 3, 2), new Amount(2, 1))],
            (await bench.SumAsync("revenue"))!.Days);
    }

    [Fact]
    public async Task A_strict_import_writes_nothing_when_a_line_is_bad()
    {
        using var bench = new AnalyticsBench();
        var file = bench.Write(AnalyticsBench.Header + "2026-03-01,revenue,1,DE,pro\nx,revenue,1,DE,pro\n");

        var report = await bench.ImportFileAsync(file, strict: true, new CrashingStore(bench.Store, 0, lastIsApplied: false));

        Assert.Equal((ImportOutcome.Refused, 1L), (report.Outcome, report.Bad.Count));
    }

    [Fact]
    public async Task File_that_changes_while_it_is_read_counts_only_after_the_next_import()
    {
        using var bench = new AnalyticsBench();
        // The file has more cells than the import buffers, so it writes rows before it detects the change.
        var content = AnalyticsBench.Header + string.Concat(Enumerable.Range(0, 120_000).Select(i =>
            string.Create(
                CultureInfo.InvariantCulture, $"{new DateOnly(2020, 1, 1).AddDays(i / 1000):yyyy-MM-dd},revenue,1,c{i % 1000},\n")));
        var file = bench.Write(content);
        var change = new ReportedAt(
            10_000,
            () => File.WriteAllText(file, content.Replace("2020-02-20,revenue,1,", "2020-02-20,revenue,7,", StringComparison.Ordinal)));

        var error = await Assert.ThrowsAsync<ImportException>(() => bench.ImportFileAsync(file, progress: change));
        Assert.Contains("changed while it was read", error.Message, StringComparison.Ordinal);
        Assert.Null(await bench.SumAsync("revenue"));

        File.WriteAllText(file, content);
        await bench.ImportFileAsync(file);
        var answer = (await bench.SumAsync("revenue", "country"))!;
        Assert.Equal(new Amount(120_000, 120_000), answer.Total.Current);
        Assert.All(answer.Groups, group => Assert.Equal(new Amount(120, 120), group.Amounts.Current));
    }

    private static string Csv(Event[] events) => AnalyticsBench.Header + string.Concat(events.Select(e =>
        string.Create(CultureInfo.InvariantCulture, $"{e.Day:yyyy-MM-dd}T12:00:00Z,{e.Metric},{e.Value},{e.Country},\n")));

    private static async Task AssertAllOrNothingAsync(AnalyticsBench bench, Event[] events)
    {
        if (await bench.SumAsync("revenue") is not null || await bench.SumAsync("signups") is not null)
        {
            await AssertCountsAsync(bench, events);
        }
    }

    private static async Task AssertCountsAsync(AnalyticsBench bench, Event[] events)
    {
        foreach (var metric in s_metrics)
        {
            Event[] expected = [.. events.Where(e => e.Metric == metric)];
            var answer = await bench.SumAsync(metric, "country");
            Assert.Equal(expected.Length, answer?.Total.Current.Events ?? 0);
            Assert.Equal(expected.Sum(e => e.Value), answer?.Total.Current.Sum ?? 0);
            Assert.Equal(
                expected.Where(e => e.Country != "").GroupBy(e => e.Country)
                    .Select(g => (g.Key, g.Sum(e => e.Value), g.LongCount())).Order(),
                (answer?.Groups ?? []).Select(group => (group.Value, group.Amounts.Current.Sum, group.Amounts.Current.Events)).Order());
            Assert.Equal(
                expected.GroupBy(e => e.Day).Select(g => (g.Key, new Amount(g.Sum(e => e.Value), g.LongCount()))).OrderBy(day => day.Key),
                (answer?.Days ?? []).Where(day => day.Amount.Events > 0));
        }
    }

    private sealed class ReportedAt(long lines, Action act) : IProgress<ImportProgress>
    {
        private bool _done;

        public void Report(ImportProgress value)
        {
            if (!_done && value.Lines >= lines)
            {
                _done = true;
                act();
            }
        }
    }
}
