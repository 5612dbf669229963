using Microsoft.Extensions.Options;

namespace RemoteMcp.Fleet;

internal sealed class FleetOptionsValidator : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options)
    {
        var problems = new List<string>();
        Check(nameof(options.PollMin), options.PollMin, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1));
        Check(nameof(options.PollMax), options.PollMax, options.PollMin, TimeSpan.FromSeconds(2));
        Check(nameof(options.PollIdle), options.PollIdle, options.PollMin, TimeSpan.FromSeconds(2));
        Check(nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
        Check(nameof(options.DeliveryTimeout), options.DeliveryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Check(string setting, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                problems.Add($"{FleetOptions.Section}:{setting} is {value}. Set it to a time from {least} to {most}.");
            }
        }
    }
}
