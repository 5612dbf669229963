using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;

namespace RemoteMcp.Fleet;

internal sealed class FleetOptionsValidator : IValidateOptions<FleetOptions>
{
    public ValidateOptionsResult Validate(string? name, FleetOptions options)
    {
        var errors = new SettingErrors(FleetOptions.Section);
        errors.RequireRange(nameof(options.PollMin), options.PollMin, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1));
        errors.RequireRange(nameof(options.PollMax), options.PollMax, options.PollMin, TimeSpan.FromSeconds(2));
        errors.RequireRange(nameof(options.PollIdle), options.PollIdle, options.PollMin, TimeSpan.FromSeconds(2));
        errors.RequireRange(nameof(options.Lease), options.Lease, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));
        errors.RequireRange(nameof(options.DeliveryTimeout), options.DeliveryTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        return errors.ToResult();
    }
}
